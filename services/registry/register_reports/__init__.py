"""Yearly reports of social employment entities (CIS, KIS) in two registers, and the
comparison of both registers.
"""
