"""Registrants of conferences erased when their months are over: by two people."""
