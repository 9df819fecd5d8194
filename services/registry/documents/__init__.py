"""Documents of programmes, sites and bodies: diagnoses, analyses, evaluations, rules."""
