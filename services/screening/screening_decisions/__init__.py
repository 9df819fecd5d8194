"""What a person decides about a screening: to stand by its result, to annul it, and what the guardian consents to."""
