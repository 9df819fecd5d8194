"""Rules of assessments: codes and qualifiers of ICF, and assessors side by side."""
