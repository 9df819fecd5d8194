"""Yearly reports of social employment entities (CIS, KIS) in two registers, and what the registers tell together."""
