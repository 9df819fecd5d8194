"""What stands in the copy of a person's data, and how it is said. Pure."""
