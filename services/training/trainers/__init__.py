"""Trainers and external experts."""
