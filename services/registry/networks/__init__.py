"""A county's local support network: since when it exists, and how many belong to it."""
