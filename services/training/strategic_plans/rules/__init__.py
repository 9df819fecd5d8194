"""The content, costs and states of a plan."""
