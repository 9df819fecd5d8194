"""The base of all rooms: settings, clock, problems, JSON, logs, metrics, traces."""
