"""The content of a plan's document: from the plan to data for typesetting. Pure."""
