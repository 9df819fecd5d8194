"""Versions of a programme: modules, topics and outcomes, agreed by client and contractor."""
