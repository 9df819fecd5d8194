"""What a validator found of a whole group, sent at once; each judged by itself."""
