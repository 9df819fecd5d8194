"""External experts: rows of trainers with a kind of their own."""
