"""Decisions about yearly reports: what a row may say, when it is due, and how two registers are counted."""
