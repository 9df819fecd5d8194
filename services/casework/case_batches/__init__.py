"""Cases that were worked on elsewhere, taken over many at once, each judged by itself."""
