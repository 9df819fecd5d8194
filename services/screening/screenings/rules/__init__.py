"""Decisions about screenings: their states, the age of a subject, the bands of a result."""
