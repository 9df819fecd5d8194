"""Monitoring reports: a county's figures of a period, computed from records and
commented on by people.
"""
