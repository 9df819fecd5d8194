"""Validators of a group's outcomes, who may not be its trainers."""
