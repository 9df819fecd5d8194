"""Decisions about programmes: the life of a site, the scope of a test, and the picture of both."""
