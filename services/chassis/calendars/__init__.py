"""Dates for calendar programs: iCalendar, and the secret addresses where it is read
without a token.
"""
