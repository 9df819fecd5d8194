"""The result of a screening: in figures, in words, as a picture, and beside other
informants' results.
"""
