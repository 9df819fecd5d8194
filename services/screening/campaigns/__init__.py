"""Campaigns: who screens whom by when, what came of it in numbers, and who goes on to stage two."""
