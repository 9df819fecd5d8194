"""Surveys: questions as data, of a programme, a group or a conference."""
