"""What the document of a plan says: from the plan to words ready to be set. Pure."""
