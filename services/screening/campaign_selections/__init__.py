"""Selections: which children of a campaign go on to stage two, by which rule or for which reason."""
