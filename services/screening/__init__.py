"""Screening: instruments as data, campaigns, results of screenings, and the studies of
how far those results may be trusted.

It owns instruments with their norms, protocols and campaigns, screenings of
pseudonymous subjects, and studies of validity. It does not own identity: it holds a
random reference, a month of birth and a county.
"""
