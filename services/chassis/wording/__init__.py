"""Texts of refusals for people, in Polish and English; services add their own."""
