"""Releases: what of a campaign's numbers is published to whom, and when."""
