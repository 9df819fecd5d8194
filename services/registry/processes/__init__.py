"""Ordered lists of steps, as data, and the runs of sites and bodies through them."""
