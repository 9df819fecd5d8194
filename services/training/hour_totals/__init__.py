"""Hours that were summed elsewhere, of sessions that are not recorded here."""
