"""Who is calling and how far they reach: tokens, issuers, permissions, row scopes."""
