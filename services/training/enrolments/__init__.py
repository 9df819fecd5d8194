"""Enrolments in groups: with a seat, or on the waiting list."""
