"""The engine: a definition is read, checked, compiled into a plan, and scores one set of answers or thousands."""
