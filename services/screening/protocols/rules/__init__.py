"""Decisions of a protocol: the outcome of a battery, and who goes on to stage two."""
