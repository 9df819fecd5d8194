"""Visits of the adviser in the twelve months after the training."""
