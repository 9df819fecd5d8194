"""Assessments: functioning by ICF codes and qualifiers."""
