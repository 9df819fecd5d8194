"""Members of bodies: who sits for which group, and from when until when."""
