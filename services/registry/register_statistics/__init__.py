"""The table of entities and reports by year, computed from both registers."""
