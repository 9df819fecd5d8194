"""Imported sums of hours, of sessions that are not recorded here."""
