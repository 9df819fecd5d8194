"""What a screening came to: in figures, in words, as a picture, and by other informants."""
