"""Rules by which a result is shown."""
