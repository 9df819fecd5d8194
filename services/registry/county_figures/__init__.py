"""A few figures of every county, to compare counties."""
