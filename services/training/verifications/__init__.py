"""Public verification of certificates by their code."""
