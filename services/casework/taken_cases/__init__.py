"""Imported cases that were worked on elsewhere, written with all their records."""
