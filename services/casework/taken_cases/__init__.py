"""Cases that were worked on elsewhere, written with all that belongs to them."""
