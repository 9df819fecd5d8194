"""Partners of a programme: associations of local authorities, and their EU projects."""
