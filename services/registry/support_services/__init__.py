"""What institutions offer to children and families: kind, place, capacity, and when it was last verified."""
