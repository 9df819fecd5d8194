"""Decisions of a protocol: what a battery comes to, and who goes on to stage two."""
