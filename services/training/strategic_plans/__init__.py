"""The local strategic plan of an authority, which answers its diagnosis."""
