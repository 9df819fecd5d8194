"""Programmes, their sites, how far the sites have come, and the decisions on what is tested there."""
