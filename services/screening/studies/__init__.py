"""Validation studies: which screenings each is of, and what their outcome is compared with."""
