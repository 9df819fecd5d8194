"""Decisions on the parts of a model that are tested at a location, signed
by two parties.
"""
