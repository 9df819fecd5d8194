"""The content and the states of versions."""
