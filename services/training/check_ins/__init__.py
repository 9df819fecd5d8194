"""How an authority reports on its plan: twelve months, then two years."""
