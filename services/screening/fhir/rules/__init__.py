"""What the platform's own documents are in FHIR R4, and back."""
