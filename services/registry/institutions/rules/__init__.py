"""Decisions about institutions: their kinds, the functions they may hold,
and their facts.
"""
