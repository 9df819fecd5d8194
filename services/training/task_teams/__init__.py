"""The three or four people of an authority who take part, and who advises it."""
