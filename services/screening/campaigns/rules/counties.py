"""The format of county codes in the register TERC, whether in use or not. Pure."""

COUNTY_CODE = r"(?:0[2468]|[12][02468]|3[02])(?:0[1-9]|[1-9][0-9])"
"""A voivodeship and a county in it, two digits each.

Voivodeships have even numbers from 02 to 32; counties begin at 01, cities of county
rank at 61.
"""
