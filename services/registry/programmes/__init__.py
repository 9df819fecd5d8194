"""Programmes as data: what their sites are, which process these go through, what they need."""
