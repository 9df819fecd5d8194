"""Norms and cut-offs of instrument versions, which may change while the questions stay."""
