"""Monitoring reports: a county's figures of a period, computed from the records, with
people's comments.
"""
