"""Focus groups: two stages of research in a county, with roles and no names."""
