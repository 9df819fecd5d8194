"""What of a model is tested at a location, decided and signed by two parties."""
