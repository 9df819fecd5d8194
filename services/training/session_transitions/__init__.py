"""Steps of sessions: moved, cancelled and held."""
