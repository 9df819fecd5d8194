"""Which files an export has, which columns, and how they are written."""
