"""Decisions about monitoring reports: their states, their tables,
and what is published.
"""
