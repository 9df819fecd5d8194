"""Versions of programmes: their modules, topics and learning outcomes."""
