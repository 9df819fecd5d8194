"""The counties, communes and locations that take part in programmes."""
