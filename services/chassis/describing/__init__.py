"""The API document: what a service says of itself, read off its code."""
