"""Forms of instruments as FHIR R4 Questionnaires."""
