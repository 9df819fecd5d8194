"""The database's servers: which of them takes writes, which may be asked besides, and connections to them."""
