"""Many support events in one request; each is checked separately."""
