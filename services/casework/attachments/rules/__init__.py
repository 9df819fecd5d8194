"""Decisions about attachments: what is removed from the files."""
