"""Institutions from register files: RSPO, the nursery register, any other table."""
