"""Validations of a whole group in one request, each checked separately."""
