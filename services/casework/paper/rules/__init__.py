"""Texts as they are said in Polish and English, and as a face of type can show them. Pure."""
