"""Support events: which support was given, to whom, for how long."""
