"""Counts of support, by the definitions of the education information system."""
