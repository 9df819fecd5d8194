"""A facade in FHIR R4: Questionnaires, QuestionnaireResponses and Observations."""
