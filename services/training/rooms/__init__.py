"""Rooms in which sessions take place."""
