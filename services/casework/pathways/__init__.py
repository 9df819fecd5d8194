"""Pathways: templates of support, instantiated into plans."""
