"""Selections: which children of a campaign go on to stage two, and why."""
