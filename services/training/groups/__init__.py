"""Training groups."""
