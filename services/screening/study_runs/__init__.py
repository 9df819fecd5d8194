"""Runs of validation studies: the figures computed from their screenings that may be published."""
