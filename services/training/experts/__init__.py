"""External experts: trainers' records of a kind of their own."""
