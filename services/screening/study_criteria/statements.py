"""SQL of the import of criteria: statements over `staging`, a temporary table of a file's rows.

SQLAlchemy does not build them: staging tables have no table class, and a merge is one
statement of several parts.
"""

from sqlalchemy import text

# Rows of children without any screening.
UNKNOWN_CHILDREN = """
SELECT line, '/subject_ref', 'not_found' FROM staging
WHERE NOT EXISTS (SELECT FROM screenings WHERE screenings.subject_ref = staging.subject_ref)
"""
# Add and replace the criteria of a study; returns how many were added,
# changed and unchanged.
MERGE = text("""
WITH known AS (
    SELECT subject_ref, study_criteria.outcome <> staging.outcome AS differs
    FROM staging JOIN study_criteria USING (subject_ref) WHERE study_id = :study_id
), merged AS (
    INSERT INTO study_criteria (study_id, subject_ref, outcome)
    SELECT :study_id, subject_ref, outcome FROM staging
    ON CONFLICT (study_id, subject_ref) DO UPDATE SET outcome = excluded.outcome
    WHERE study_criteria.outcome <> excluded.outcome
)
SELECT (SELECT count(*) FROM staging) - count(*),
       count(*) FILTER (WHERE differs), count(*) FILTER (WHERE NOT differs)
FROM known
""")
