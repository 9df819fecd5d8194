"""How far programmes have come: sites × steps as a board, and counts of both."""
