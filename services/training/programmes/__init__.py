"""Programmes of training: for whom, and by which rules people enter."""
