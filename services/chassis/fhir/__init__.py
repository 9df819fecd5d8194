"""How a facade in FHIR R4 is searched, and how it answers (HL7 FHIR R4, RESTful API)."""
