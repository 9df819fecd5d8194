"""Bodies of cooperation: founded where they sit, composed by a rule that is data, dissolved."""
