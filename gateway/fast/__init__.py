"""Ways that exist for speed alone. PLAIN_WAYS=true goes without them; answers are the same (docs/decisions)."""
