"""The support plan as a PDF that a parent reads in a minute (PDF/UA-1 and PDF/A-2a)."""
