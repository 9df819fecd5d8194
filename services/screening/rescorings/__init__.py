"""Re-scorings: the same answers with other norms, and what would change, before a
person accepts it.
"""
