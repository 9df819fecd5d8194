"""Indicators of programmes: targets by sex, and what the records say is achieved."""
