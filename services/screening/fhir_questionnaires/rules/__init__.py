"""Forms and conditions in the words of FHIR R4."""
