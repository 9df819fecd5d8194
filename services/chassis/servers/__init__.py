"""The database's servers: which of them takes writes, how far others are behind, pools of connections."""
