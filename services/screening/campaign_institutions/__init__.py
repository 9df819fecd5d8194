"""How far a campaign has come in each institution, for who may read its screenings."""
