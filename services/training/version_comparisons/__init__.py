"""What differs between two versions of a programme, in words."""
