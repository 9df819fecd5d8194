"""Sessions for calendar programs: of a group, or of a person, behind a secret address."""
