"""Agreements of counties, open pacts and letters of intent: what they are, and when they bind."""
