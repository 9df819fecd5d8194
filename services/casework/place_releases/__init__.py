"""Places that are to be given back at the registry,
until it is certain that they are.
"""
