"""Rows of files as screenings: read, checked and scored in the parser's own process."""
