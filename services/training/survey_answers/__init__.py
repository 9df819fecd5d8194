"""Anonymous answers to surveys, and their results."""
