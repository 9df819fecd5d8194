"""What the children of a county need and wait for, counted: the demand side of its support."""
