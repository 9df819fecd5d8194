"""Enrolments rejected and withdrawn, and who moves up for it."""
