"""How much of a group's planned minutes everybody has attended."""
