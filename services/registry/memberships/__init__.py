"""Institutions in a network, and every decision about them."""
