"""Counts of campaigns: how far each child has come, and the roll-up of all of them.

They have no address: `campaign_releases` decides what of them is published.
"""
