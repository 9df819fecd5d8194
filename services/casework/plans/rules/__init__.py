"""Decisions about plans: their states and approval, attainment of goals, differences."""
