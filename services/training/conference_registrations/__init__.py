"""Registrations for conferences: with a place, or on the waiting list."""
