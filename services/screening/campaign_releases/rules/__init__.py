"""Decisions about published numbers: what is released, what a reader sees, how sure a share is."""
