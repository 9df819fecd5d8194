"""Decisions about campaigns: their life, what is published of their numbers, and how sure a share is."""
