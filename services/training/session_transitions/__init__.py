"""Sessions moved, cancelled and held."""
