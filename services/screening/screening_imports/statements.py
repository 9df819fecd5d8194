"""SQL of screenings' imports, over `staging`: the temporary table with a part of a file.

SQLAlchemy does not build them: staging tables have no table class, and a merge is one
statement of several parts.
"""

from sqlalchemy import text

from services.screening.campaign_counts.statements import (
    CELL,
    MOVES,
    MOVING,
    STEPS,
    counts_of,
)

# Rows of counties outside the caller's counties ($1).
OUT_OF_REACH = """
SELECT line, '/county_terc', 'outside_scope' FROM staging
WHERE NOT county_terc = ANY ($1::text[])
"""
# Rows of institutions that the registry does not have ($1).
UNKNOWN_INSTITUTION = """
SELECT line, '/institution_id', 'not_found' FROM staging
WHERE institution_id = ANY ($1::uuid[])
"""
# Rows without an implementer, or with one that the campaign ($1) does not have.
UNKNOWN_IMPLEMENTER = """
SELECT line, '/implementer', CASE WHEN implementer IS NULL THEN 'missing' ELSE 'not_found' END
FROM staging
WHERE NOT EXISTS (
    SELECT FROM campaign_implementers AS known
    WHERE known.campaign_id = $1 AND known.code = implementer
)
"""
# Rows of counties where their implementer does not screen in the campaign ($1).
MISPLACED = """
SELECT line, '/county_terc', 'outside_implementer' FROM staging
JOIN campaign_implementers AS known ON known.campaign_id = $1 AND known.code = implementer
WHERE known.counties <> '{}' AND NOT staging.county_terc = ANY (known.counties)
"""
# Rows of another county than the campaign's ($1).
OTHER_COUNTY = """
SELECT line, '/county_terc', 'outside_campaign' FROM staging WHERE county_terc <> $1
"""
# Rows of subjects who are not selected for stage two of the campaign ($1).
NOT_SELECTED = """
SELECT line, '/subject_ref', 'not_selected' FROM staging
WHERE NOT EXISTS (
    SELECT FROM campaign_subjects AS subject
    WHERE subject.campaign_id = $1 AND subject.subject_ref = staging.subject_ref
      AND subject.is_selected
)
"""
# Rows whose subject has another sex or month of birth in a screening that is not
# annulled, in the same file or an earlier one. OFFSET 0 makes PostgreSQL look each
# subject up once, by the index.
CONTRADICTING = """
SELECT line, pointer, code FROM staging
CROSS JOIN LATERAL (
    SELECT bool_or(known.sex <> staging.sex AND 'unknown' NOT IN (known.sex, staging.sex)) AS sex,
           bool_or(known.birth_month <> staging.birth_month) AS birth_month
    FROM screenings AS known
    WHERE known.subject_ref = staging.subject_ref AND known.state <> 'annulled'
    OFFSET 0
) AS other
CROSS JOIN LATERAL (VALUES
    ('/sex', 'other_sex', other.sex), ('/born_on', 'other_birth_month', other.birth_month)
) AS told(pointer, code, is_so)
WHERE is_so
"""
_FACTS = (
    "subject_ref, birth_month, age_months, sex, county_terc, institution_id, implementer,"
    " form_code, informant, administered_on, answers"
)
_KNOWN = ", ".join(f"known.{name.strip()}" for name in _FACTS.split(","))
_STAGED = ", ".join(f"staging.{name.strip()}" for name in _FACTS.split(","))
# Rows whose id of this source ($1) already exists in their county with other facts,
# another instrument ($2 code, $3 version) or another campaign ($4). OFFSET 0 makes
# PostgreSQL look each row up by the index on the id.
TAKEN = f"""
SELECT staging.line, '/external_id', 'already_taken' FROM staging
CROSS JOIN LATERAL (
    SELECT * FROM screenings
    WHERE source = $1 AND external_id = staging.external_id
      AND county_terc = staging.county_terc
    OFFSET 0
) AS known
WHERE ({_KNOWN}) IS DISTINCT FROM ({_STAGED})
   OR (known.instrument_code, known.instrument_version) <> ($2, $3)
   OR known.campaign_id IS DISTINCT FROM $4
"""  # noqa: S608 - put together from our own names of columns
# Create the rows whose ids are new in their counties. The others stay as they are;
# TAKEN later checks whether their facts are the same.
_CREATED = f"""
    INSERT INTO screenings ({_FACTS}, has_consent, state, result, outcome, external_id, source,
                            campaign_id, stage, instrument_code, instrument_version, norm_set_id,
                            created_by, submitted_by, submitted_at, scored_at)
    SELECT {_FACTS}, has_consent, state, result, outcome, external_id, CAST(:source AS text),
           CAST(:campaign_id AS uuid), CAST(:stage AS integer), CAST(:instrument_code AS text),
           CAST(:instrument_version AS integer),
           CASE WHEN result IS NOT NULL THEN CAST(:norm_set_id AS uuid) END,
           CAST(:actor AS text), CAST(:actor AS text), now(),
           CASE WHEN result IS NOT NULL THEN now() END
    FROM staging
    ON CONFLICT DO NOTHING
    RETURNING id, version, subject_ref, county_terc, institution_id, state, external_id
"""  # noqa: S608
# An event for each.
_EMITTED = """
    INSERT INTO events (type, subject, subject_version, county_terc, data, trace_id)
    SELECT 'screening.screening.' || state, 'screenings/' || id, version, county_terc,
           jsonb_strip_nulls(jsonb_build_object(
               'href', '/v1/screening/screenings/' || id, 'subject_ref', subject_ref,
               'institution_id', institution_id, 'campaign_id', CAST(:campaign_id AS uuid),
               'job', CAST(:job AS text))),
           CAST(:trace_id AS text)
    FROM created
"""
# An audit record for each.
_RECORDED = """
    INSERT INTO audit_records (actor, action, subject, outcome, county_terc, institution_id,
                               detail, trace_id)
    SELECT CAST(:actor AS text), 'import_screenings', 'screenings/' || id, 'created', county_terc,
           institution_id, jsonb_build_object('job', CAST(:job AS text)), CAST(:trace_id AS text)
    FROM created
"""
_MERGING = (
    f"WITH created AS ({_CREATED}), emitted AS ({_EMITTED}), recorded AS ({_RECORDED})"
)
_MERGED = "(SELECT count(*) FROM staging), (SELECT count(*) FROM created)"
# Create screenings, events and audit records outside of a campaign; returns how many
# rows were staged, created and unselected (0).
MERGE = text(f"{_MERGING} SELECT {_MERGED}, 0")
# The same in a campaign, and move its subjects; their steps are stored, to be counted
# at the end.
MERGE_IN_CAMPAIGN = text(f"""{_MERGING}, given AS (
    SELECT CAST(:campaign_id AS uuid) AS campaign_id, created.subject_ref, created.county_terc,
           CAST(:stage AS integer) AS stage, CAST(:instrument_code AS text) AS instrument,
           created.id AS screening_id, outcome, sex, age_months, implementer, bands, informant,
           1 AS direction
    FROM created JOIN staging USING (external_id, county_terc)
), {MOVING}, stepped AS (INSERT INTO steps {STEPS})
SELECT {_MERGED}, {MOVES} FROM moved
""")  # noqa: S608
COUNT_STAGED = text("SELECT count(*) FROM staging")
# The table for the steps of all parts of a file.
CREATE_STEPS = text(
    "CREATE TEMP TABLE steps ON COMMIT DROP AS "  # noqa: S608
    f"SELECT {CELL}, subjects FROM campaign_counts LIMIT 0"
)
# Count the steps in the campaign's roll-up.
COUNT_STEPS = text(counts_of("TABLE steps"))
