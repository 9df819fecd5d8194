"""Casework: the child and the family, and what is done for them together.

It owns people's identity, consents, referrals, cases, support plans, what was delivered
and whether it helped. It does not own the institutions (registry) or the screenings
(screening): it keeps only their ids, and asks those services over HTTP.
"""
