"""Decisions about documents: their kinds, their facts, their deadlines."""
