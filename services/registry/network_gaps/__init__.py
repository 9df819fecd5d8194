"""Which institutions and kinds of support a county's network lacks."""
