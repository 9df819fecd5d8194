"""The progress of programmes: sites × steps as a board, and counts of both."""
