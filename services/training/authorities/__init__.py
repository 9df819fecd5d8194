"""Local authorities on their path."""
