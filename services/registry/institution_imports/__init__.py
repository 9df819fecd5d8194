"""Institutions from register files: RSPO, the nursery register, anybody's own table."""
