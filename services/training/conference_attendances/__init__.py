"""Who of those with a place came to a conference, counted by audience."""
