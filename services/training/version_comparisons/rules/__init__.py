"""The differences between two versions, and their sentences."""
