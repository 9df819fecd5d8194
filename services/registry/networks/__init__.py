"""A county's local support network: who belongs to it, in which role, by which rule and since when."""
