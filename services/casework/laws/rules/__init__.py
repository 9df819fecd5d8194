"""Values of law by the day on which they hold, and the last days that follow from them."""
