"""The life of a group, and what each step of it means for who is in it."""
