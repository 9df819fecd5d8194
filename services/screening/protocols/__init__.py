"""Protocols: which forms make stage one, who goes on, which forms make stage two, and by when."""
