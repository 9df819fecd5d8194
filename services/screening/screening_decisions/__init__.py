"""Decisions about a screening: confirmation, consent, return and annulment."""
