"""Focus groups: two stages of research in a county, by roles and without names."""
