"""Which account is a trainer's or a trainee's, and what it sees by that."""
