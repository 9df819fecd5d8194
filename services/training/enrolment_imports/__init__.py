"""Seats from files: who is to enter which group of a programme."""
