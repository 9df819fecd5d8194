"""Cases: one child, what is done for it, and by which team."""
