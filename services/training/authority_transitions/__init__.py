"""The steps of an authority, each refused with all that is missing."""
