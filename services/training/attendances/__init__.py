"""Who attended a session, for how many minutes, signed by a trainer."""
