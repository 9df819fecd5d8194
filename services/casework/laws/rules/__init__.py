"""Values of law by the day on which they hold, and the last days computed from them."""
