"""Versions of documents: each with its file and checksum, adopted or not, evidence of steps."""
