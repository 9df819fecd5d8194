"""Programmes of local authorities and organisations: a county's resource with dates and money."""
