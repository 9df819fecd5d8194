"""Import of cases that were worked on elsewhere, many at once;
each is checked separately.
"""
