"""The steps of an authority; a refusal names everything that is missing."""
