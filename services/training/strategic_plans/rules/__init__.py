"""What a plan holds and costs, and how far it has come."""
