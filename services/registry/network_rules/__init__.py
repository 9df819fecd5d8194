"""Rules by which a network includes and excludes institutions."""
