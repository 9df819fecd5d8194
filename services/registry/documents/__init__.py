"""What a programme, a site or a body works out: diagnoses, analyses, evaluations, rules."""
