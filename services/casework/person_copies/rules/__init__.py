"""The content and the texts of the copy of a person's data. Pure."""
