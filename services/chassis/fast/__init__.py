"""Ways that exist for speed alone. PLAIN_WAYS=true goes without: same answers."""
