"""The steps that a body takes through its formation."""
