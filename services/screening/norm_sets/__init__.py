"""Norms and cut-offs of instrument versions: data of their own, that may change while the questions stay."""
