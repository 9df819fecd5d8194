"""SQL of releases."""

# Wait until no other release of the campaign $1 is made; PostgreSQL alone knows advisory locks.
ONE_RELEASE_AT_A_TIME = """
SELECT pg_advisory_xact_lock(hashtextextended('release ' || CAST($1 AS text), 0))
"""
