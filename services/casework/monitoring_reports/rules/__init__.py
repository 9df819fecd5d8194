"""Decisions about monitoring reports:
their life, their tables, and what of them is published.
"""
