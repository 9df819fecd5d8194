"""Counts of campaigns: how far each child has come, and the roll-up of all of them.

They have no endpoint: `campaign_releases` decides which of these counts are published.
"""
