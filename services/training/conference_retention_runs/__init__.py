"""Erasure of conference registrations after their months, decided by two people."""
