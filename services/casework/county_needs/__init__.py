"""Counts of what the children of a county need and wait for: the demand for support."""
