"""Decisions about documents: their kinds, what they state, what falls due by them."""
