"""Protocols: the forms of stage one, the selection, the forms of stage two, and the
time for each.
"""
