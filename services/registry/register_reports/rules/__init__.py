"""Decisions about yearly reports: the facts of a row, and the deadline of a report."""
