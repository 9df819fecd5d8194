"""Whether a programme is filled as it was planned: groups, locations and teams."""
