"""Budgets of programmes: years, tasks and sources, and whether they are consistent."""
