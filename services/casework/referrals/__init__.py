"""Referrals: who is sent where, and whether it came to anything."""
