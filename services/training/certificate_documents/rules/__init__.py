"""A certificate on paper: what it says, in the words of one language."""
