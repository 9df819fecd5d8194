"""Texts in Polish and English, in a form that a font can show. Pure."""
