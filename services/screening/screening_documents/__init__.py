"""The result of a screening on a page for parents (PDF/UA-1 and PDF/A-2a)."""
