"""Sessions for calendar programs, of a group or a person, behind a secret address."""
