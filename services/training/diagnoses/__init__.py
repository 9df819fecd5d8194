"""The diagnosis of source 003: how digital an authority's schools are, and who is
excluded.
"""
