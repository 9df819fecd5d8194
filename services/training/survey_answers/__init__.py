"""Answers to surveys, and their results; nobody learns who gave which."""
