"""The team of three or four people of an authority, and its adviser."""
