"""Whether a programme has as many people as planned: by group, location and team."""
