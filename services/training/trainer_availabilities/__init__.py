"""Times in which trainers are free or away."""
