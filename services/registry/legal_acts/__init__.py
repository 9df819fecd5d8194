"""Legal acts and their provisions, to which functions, orders and deadlines refer."""
