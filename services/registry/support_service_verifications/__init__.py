"""Verifications: on which days the description of a support service was correct, and
who entered it.
"""
