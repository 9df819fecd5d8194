"""Surveys of a programme, a group or a conference, with questions as data."""
