"""The texts of agreements: the first one, annexes and new wordings, each with its checksum."""
