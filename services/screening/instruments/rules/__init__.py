"""The scoring engine: definitions are checked and compiled into plans that score answers."""
