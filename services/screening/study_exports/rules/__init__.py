"""The files and columns of an export, and how they are written."""
