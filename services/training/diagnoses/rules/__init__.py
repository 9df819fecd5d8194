"""The sections of a diagnosis, its missing sections, and its figures."""
