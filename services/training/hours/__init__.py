"""Hours of training: exact sums of sessions that were held, and imported sums."""
