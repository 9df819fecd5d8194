"""A county's local support network: when it was founded and closed, and its
numbers of members.
"""
