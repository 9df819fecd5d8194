"""Attendance of people with a place at a conference, counted by audience."""
