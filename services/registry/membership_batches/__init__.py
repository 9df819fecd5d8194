"""Many memberships of a network that are decided about, each by itself."""
