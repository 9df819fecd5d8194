"""What differs between two versions: found, and told in words."""
