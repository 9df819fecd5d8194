"""Screenings from another platform, tens of thousands in one file."""
