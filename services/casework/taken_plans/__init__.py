"""Plans that are taken over with their cases, and the reviews that were held of them."""
