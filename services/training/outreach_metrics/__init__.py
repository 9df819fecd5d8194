"""How far a programme is heard of: values of metrics, each on a day."""
