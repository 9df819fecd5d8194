"""Runs of validation studies: what is computed of their screenings and may be published."""
