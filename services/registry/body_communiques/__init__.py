"""Communiqués that bodies issue for boards and councils."""
