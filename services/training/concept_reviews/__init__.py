"""Reviews of a proposed version by partners and consulted authorities."""
