"""Who is calling and how far they reach: tokens, trusted issuers, permissions, scopes of rows."""
