"""SQL of trainees' imports, over `staging`: the temporary table with a file's rows.

SQLAlchemy does not build them: staging tables have no table class, and a merge is one
statement of several parts.
"""

from sqlalchemy import text

from services.training.trainees.rules import DECIDING

# Rows of counties that are not the caller's ($1).
OUT_OF_REACH = """
SELECT line, '/county_terc', 'outside_scope' FROM staging
WHERE NOT county_terc = ANY ($1::text[])
"""
# Rows of authorities that the programme ($1) has not recruited, or of another county.
UNKNOWN_AUTHORITY = """
SELECT line, '/authority_terc',
       CASE WHEN authorities.id IS NULL THEN 'not_found' ELSE 'outside_county' END
FROM staging LEFT JOIN (
    SELECT authorities.* FROM authorities
    JOIN programmes ON programmes.id = authorities.programme_id AND programmes.code = $1
) AS authorities ON authorities.terc = staging.authority_terc
WHERE staging.authority_terc IS NOT NULL
  AND authorities.county_terc IS DISTINCT FROM staging.county_terc
"""
# Each row with the trainee of its source and id, and the authority of the programme.
_KNOWN = """
    SELECT staging.*, authorities.id AS authority_id, to_jsonb(known) AS known_facts,
           known.id, known.erased_at
    FROM staging
    LEFT JOIN trainees AS known
      ON known.county_terc = staging.county_terc
     AND known.source = {source} AND known.external_id = staging.external_id
    LEFT JOIN programmes ON programmes.code = {programme}
    LEFT JOIN authorities
      ON authorities.programme_id = programmes.id
     AND authorities.terc = staging.authority_terc
"""
_BY_NUMBER = _KNOWN.format(source="$1", programme="$2::text")
# Rows of trainees of the source ($1) who were erased on request.
ERASED = f"""
SELECT line, '/external_id', 'erased' FROM ({_BY_NUMBER}) AS known
WHERE erased_at IS NOT NULL
"""  # noqa: S608 - put together from our own statements
_CHANGES = " OR ".join(
    f"known_facts ->> '{name}' IS DISTINCT FROM"
    f" coalesce(CAST({name} AS text), known_facts ->> '{name}')"
    for name in DECIDING
)
# Rows that change facts on which an enrolment or a team membership is based.
ENROLLED = f"""
SELECT line, '/external_id', 'enrolled' FROM ({_BY_NUMBER}) AS known
WHERE id IS NOT NULL AND ({_CHANGES}) AND EXISTS (
    SELECT FROM enrolments
    WHERE trainee_id = known.id AND enrolments.state NOT IN ('rejected', 'withdrawn')
    UNION ALL
    SELECT FROM task_team_members
    WHERE trainee_id = known.id AND left_on IS NULL
)
"""  # noqa: S608
# Trainees of the source ($1) that the file names, locked in one order.
LOCK_KNOWN = """
SELECT count(*) FROM (
    SELECT FROM trainees
    WHERE source = $1 AND EXISTS (
        SELECT FROM staging
        WHERE staging.county_terc = trainees.county_terc
          AND staging.external_id = trainees.external_id
    )
    ORDER BY id FOR UPDATE
) AS locked
"""
_FACTS = (
    "given_name",
    "family_name",
    "sex",
    "email",
    "organisation_type",
    "organisation_name",
    "relation",
    "institution_id",
    "site_id",
    "authority_id",
    "target_group",
    "audience_role",
)
_COLUMNS = ", ".join(_FACTS)
_BEFORE = ", ".join(f"known.{name}" for name in _FACTS)
# An empty cell keeps the stored value.
_AFTER = ", ".join(f"coalesce(named.{name}, known.{name})" for name in _FACTS)
_NAMED = _KNOWN.format(
    source="CAST(:source AS text)", programme="CAST(:programme AS text)"
)
_CHANGED = f"""
    UPDATE trainees AS known
    SET ({_COLUMNS}) = ROW ({_AFTER}), version = known.version + 1, changed_at = now()
    FROM named
    WHERE known.id = named.id AND ({_BEFORE}) IS DISTINCT FROM ({_AFTER})
    RETURNING known.id, known.version, known.county_terc, 'changed' AS change
"""  # noqa: S608
# ON CONFLICT: a concurrent import of the same file may have inserted the row.
_CREATED = f"""
    INSERT INTO trainees (county_terc, source, external_id, {_COLUMNS})
    SELECT county_terc, CAST(:source AS text), external_id, {_COLUMNS}
    FROM named WHERE id IS NULL
    ON CONFLICT DO NOTHING
    RETURNING id, version, county_terc, 'registered' AS change
"""  # noqa: S608
_EMITTED = """
    INSERT INTO events (type, subject, subject_version, county_terc, data, trace_id)
    SELECT 'training.trainee.' || change, 'trainees/' || id, version, county_terc,
           jsonb_build_object(
               'href', '/v1/training/trainees/' || id, 'job', CAST(:job AS text)
           ),
           CAST(:trace_id AS text)
    FROM done
"""
_RECORDED = """
    INSERT INTO audit_records
        (actor, action, subject, outcome, county_terc, detail, trace_id)
    SELECT CAST(:actor AS text), 'import_trainees', 'trainees/' || id, change,
           county_terc, jsonb_build_object(
               'job', CAST(:job AS text), 'people', jsonb_build_array(id)
           ),
           CAST(:trace_id AS text)
    FROM done
"""
# Compare, update, insert, emit events and audit: one statement over one snapshot.
MERGE = text(f"""
WITH named AS ({_NAMED}), changed AS ({_CHANGED}), created AS ({_CREATED}),
     done AS (SELECT * FROM changed UNION ALL SELECT * FROM created),
     emitted AS ({_EMITTED}), recorded AS ({_RECORDED})
SELECT (SELECT count(*) FROM staging), (SELECT count(*) FROM created),
       (SELECT count(*) FROM changed)
""")  # noqa: S608
