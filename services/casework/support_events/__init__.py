"""Support events: what was delivered, to whom, for how long."""
