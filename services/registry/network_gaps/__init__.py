"""Whom a county's network lacks."""
