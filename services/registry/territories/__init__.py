"""Voivodeships, counties and communes by their official TERC codes."""
