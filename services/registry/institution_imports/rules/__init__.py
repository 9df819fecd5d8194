"""How cells and rows of register files are read."""
