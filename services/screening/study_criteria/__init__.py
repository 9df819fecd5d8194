"""Uploaded criteria of studies: the outcome of another, better assessment for each child."""
