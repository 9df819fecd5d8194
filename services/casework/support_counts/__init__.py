"""How much support was given, as the education information system counts it."""
