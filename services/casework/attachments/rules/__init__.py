"""Decisions about attachments: which files are taken, and what is taken out of them."""
