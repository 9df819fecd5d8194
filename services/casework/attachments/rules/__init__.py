"""Decisions about attachments: what is taken out of the files."""
