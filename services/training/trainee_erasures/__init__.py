"""Trainees erased at their request: counted on, and nobody any more."""
