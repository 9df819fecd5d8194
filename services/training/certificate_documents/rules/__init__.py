"""The content of a certificate on paper, in one language."""
