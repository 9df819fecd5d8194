"""Decisions about versions: what they hold, and what may be done to them."""
