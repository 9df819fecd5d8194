"""The territory from official files: TERC, and populations."""
