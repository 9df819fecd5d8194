"""Code that exists for speed alone. PLAIN_WAYS=true goes without: same answers."""
