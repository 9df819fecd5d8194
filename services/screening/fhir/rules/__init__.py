"""The platform's own documents as FHIR R4 resources, and back."""
