"""A result on paper: what it says, in the plain words of one language."""
