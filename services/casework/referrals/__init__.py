"""Referrals: who is referred where, and with what result."""
