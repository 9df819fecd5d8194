"""The facts and the page that a visitor with the code sees."""
