"""The content of the page for parents, in plain words of one language."""
