"""Screening: instruments as data, campaigns, what screenings resulted in, and how far
those results may be trusted.

It owns instruments with their norms, protocols and campaigns, screenings of
pseudonymous subjects, and studies of validity. It does not own identity: here are a
random reference, a month of birth and a county.
"""
