"""Indicators of programmes: targets by sex, and the progress from records."""
