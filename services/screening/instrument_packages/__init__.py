"""Signed packages that bring an instrument: its definition, its texts and its norms."""
