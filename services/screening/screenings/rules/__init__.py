"""Decisions about screenings: their states, how old a subject is, what a result looks like."""
