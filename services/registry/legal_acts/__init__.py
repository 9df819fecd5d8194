"""Legal acts and their provisions: what functions, orders and deadlines refer to."""
