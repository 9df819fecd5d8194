"""Institutions of all sectors, the functions they are given, and how they were at any date."""
