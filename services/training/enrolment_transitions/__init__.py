"""Rejecting and withdrawing enrolments; the next person moves up."""
