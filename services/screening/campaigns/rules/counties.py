"""Codes of counties, as their register (TERC) makes them. Which of these are in use, the registry knows. Pure."""

COUNTY_CODE = r"(?:0[2468]|[12][02468]|3[02])(?:0[1-9]|[1-9][0-9])"
"""A voivodeship, even numbers from 02 to 32, and a county in it: 01 to 60 of the land, from 61 on a city of its own."""
