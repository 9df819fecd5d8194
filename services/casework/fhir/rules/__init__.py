"""The platform's own records as FHIR R4 resources."""
