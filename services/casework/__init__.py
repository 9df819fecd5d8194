"""Casework: the child and the family, and what is done for them together.

It owns people's identity, consents, referrals, cases, support plans, what was delivered
and whether it helped. It does not own the institutions (registry) nor the screenings
(screening): it knows them by their ids, and asks.
"""
