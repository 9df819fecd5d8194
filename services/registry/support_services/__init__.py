"""Services of institutions for children and families: kind, place, capacity, and the
last verification.
"""
