"""What everything stands on: settings, clock, problems and their words, JSON, logs, metrics, traces."""
