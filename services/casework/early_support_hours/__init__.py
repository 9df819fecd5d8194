"""The hours of early development support of a child in a month."""
