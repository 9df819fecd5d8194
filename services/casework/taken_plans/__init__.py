"""Imported plans of imported cases, with their reviews."""
