"""People who are trained."""
