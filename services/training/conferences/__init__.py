"""Conferences: audience, time and place, and the number of places taken."""
