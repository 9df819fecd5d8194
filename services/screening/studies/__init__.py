"""Validation studies: their screenings, and the criterion of the outcome."""
