"""Decisions about plans: their life and approval, attainment of goals, changes."""
