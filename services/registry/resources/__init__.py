"""The inventory of a county: what it offers by sector and kind, how much of it, and how well it is known."""
