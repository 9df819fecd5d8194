"""Versions of documents: their files with checksums, and their adoption, after which
a version may be evidence of steps.
"""
