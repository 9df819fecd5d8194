"""Who represents whom in a body, against its composition rule."""
