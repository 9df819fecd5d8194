"""Decisions about campaigns: their life, their counties, and which of their numbers may be shown."""
