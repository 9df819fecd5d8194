"""The share of a group's planned minutes that each trainee has attended."""
