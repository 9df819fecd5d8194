"""The differences between two versions of a programme, as sentences."""
