"""One call for a screen: what several services know of one thing, asked for at once."""
