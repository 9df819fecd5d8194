"""Participants from files, as a county or a project office has them."""
