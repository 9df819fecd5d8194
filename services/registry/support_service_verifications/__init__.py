"""On which days the description of a support service was found right, and who said so."""
