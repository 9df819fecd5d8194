"""Places that must be released at the registry, stored until the release is certain."""
