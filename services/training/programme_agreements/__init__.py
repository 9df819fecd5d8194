"""Agreement of client and contractor to a proposed version."""
