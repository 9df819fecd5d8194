"""The progress of a campaign in each institution, for callers who may read its screenings."""
