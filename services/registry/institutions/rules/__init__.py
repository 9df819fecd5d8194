"""Decisions about institutions: what they are, what they may hold, and what registers say of them."""
