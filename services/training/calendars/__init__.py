"""Sessions for calendar programs, of a group, room or person, at a secret address."""
