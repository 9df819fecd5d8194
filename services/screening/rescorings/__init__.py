"""The same answers by other norms: what would change, before anybody accepts it."""
