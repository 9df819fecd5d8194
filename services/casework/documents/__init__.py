"""Documents: rulings, opinions and certificates, with their deadlines."""
