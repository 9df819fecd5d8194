"""What partners and consulted authorities recommend about a proposed version."""
