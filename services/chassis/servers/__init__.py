"""The database servers: which takes writes, which may be read, connections."""
