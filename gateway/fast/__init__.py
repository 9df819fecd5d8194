"""Code that exists for speed alone. PLAIN_WAYS=true goes without it; answers are the same (docs/decisions)."""
