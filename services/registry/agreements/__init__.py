"""Agreements of counties, open pacts and letters of intent: their parties, their texts, and when they hold."""
