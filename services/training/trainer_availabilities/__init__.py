"""When trainers are free, and when they are away."""
