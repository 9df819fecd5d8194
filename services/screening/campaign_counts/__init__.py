"""Counts of campaigns: what screenings have come to, child by child and in a roll-up. It has no address."""
