"""Statistical disclosure control: which counts are published, and when anew. Pure."""
