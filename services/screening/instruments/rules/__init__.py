"""The engine: definitions are checked, compiled into plans, and score answers."""
