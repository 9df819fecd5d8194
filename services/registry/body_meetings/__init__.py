"""Meetings of bodies, one by one or in a series."""
