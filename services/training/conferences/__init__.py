"""Conferences: for whom, when and where, and how many people have a place."""
