"""Programmes as data: the level of their sites, the process of the sites,
and their needs.
"""
