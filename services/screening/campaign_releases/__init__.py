"""Releases: which numbers of a campaign are published, to whom and when."""
