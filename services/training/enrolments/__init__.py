"""Who takes part in a group, and who waits."""
