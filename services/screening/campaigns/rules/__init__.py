"""Decisions about campaigns: their life, their counties, and which numbers may be published."""
