"""Events go out to receivers: which, by whose right, to where, and what came of it."""
