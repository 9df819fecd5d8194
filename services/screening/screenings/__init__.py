"""Screenings of pseudonymous subjects: answered, scored, confirmed by a person or annulled."""
