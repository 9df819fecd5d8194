"""Runs of validation studies: what is computed of their screenings, and what of it may be
published.
"""
