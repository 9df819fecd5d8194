"""A facade in FHIR R4: instruments as Questionnaires, answers as QuestionnaireResponses, scores as Observations."""
