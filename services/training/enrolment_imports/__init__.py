"""Enrolments from files: rows of a person and a group of a programme."""
