"""Meetings and debates in which an authority consults its plan."""
