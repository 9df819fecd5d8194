"""Values of law by the day on which they hold, and last days by them."""
