"""SQL of institutions' imports: statements over `staging`, the temporary table that holds a file's rows.

SQLAlchemy does not build them: staging tables have no table class, and a merge is one statement of several parts.
"""

from sqlalchemy import text

from services.registry.institution_imports.rules.rows import STAGING
from services.registry.institutions.models import FACTS
from services.registry.territories.models import FOLD

_MERGED = tuple(name for name in STAGING if name in FACTS and name != "source_key")

# Find the code of the county that a row names, where only one county bears the name.
NAME_COUNTIES = text(
    f"""
UPDATE staging SET county_terc = named.terc
FROM (
    SELECT line, min(county.terc) AS terc
    FROM staging AS row
    JOIN territorial_units AS county ON county.level = 'county' AND county.removed_on IS NULL
     AND county.folded_name = {FOLD.format(column="row.county_name")}
    JOIN territorial_units AS voivodeship ON voivodeship.terc = county.parent_terc
    WHERE row.county_terc IS NULL
      AND (row.voivodeship_name IS NULL OR voivodeship.folded_name = {FOLD.format(column="row.voivodeship_name")})
    GROUP BY line HAVING count(*) = 1
) AS named
WHERE named.line = staging.line
"""  # noqa: S608 - put together from our own names of columns
)
# Rows whose county was not found, or fits several.
WITHOUT_COUNTY = f"""
SELECT line, '/county_name', CASE WHEN EXISTS (
    SELECT FROM territorial_units AS county
    WHERE county.level = 'county' AND county.folded_name = {FOLD.format(column="staging.county_name")}
) THEN 'ambiguous' ELSE 'not_found' END
FROM staging WHERE county_terc IS NULL
"""  # noqa: S608
# Rows whose county or commune is not known.
UNKNOWN_PLACES = """
SELECT line, '/county_terc', 'not_found' FROM staging
WHERE county_terc NOT IN (SELECT terc FROM territorial_units WHERE level = 'county')
UNION ALL
SELECT line, '/commune_terc', 'not_found' FROM staging
WHERE commune_terc NOT IN (SELECT terc FROM territorial_units WHERE level = 'commune')
"""
# Rows of counties that are not the caller's ($1).
OUT_OF_REACH = "SELECT line, '/county_terc', 'outside_scope' FROM staging WHERE NOT county_terc = ANY ($1::text[])"
# Rows of registered institutions, matched by source ($2) and prefix of keys ($3) or by
# RSPO number, in counties that are not the caller's ($1).
KNOWN_OUT_OF_REACH = """
SELECT staging.line, '/rspo', 'outside_scope'
FROM staging JOIN institutions AS known
  ON known.rspo = staging.rspo OR (known.source = $2 AND known.source_key = $3 || staging.source_key)
WHERE NOT known.county_terc = ANY ($1::text[])
"""


_FACTS, _COLUMNS = ", ".join(FACTS), ", ".join(_MERGED)
_BEFORE = ", ".join(f"known.{name}" for name in _MERGED)
_AFTER = ", ".join(f"coalesce(staging.{name}, known.{name})" for name in _MERGED)
_AFTER_COLUMNS = ", ".join(
    f"coalesce(staging.{name}, known.{name}) AS {name}" for name in _MERGED
)

# Each row beside its institution, which an index finds by key or else by RSPO number:
# the cost grows with the file, not with the table.
_COMPARED = f"""
    SELECT staging.line, known.id, known.source AS known_source, staging.key, {_AFTER_COLUMNS},
           CASE WHEN known.id IS NULL THEN 'created'
                WHEN known.rspo IS DISTINCT FROM staging.rspo
                 AND known.id <> (SELECT id FROM institutions WHERE rspo = staging.rspo) THEN 'refused'
                WHEN ({_BEFORE}) IS DISTINCT FROM ({_AFTER}) THEN 'changed'
                ELSE 'unchanged' END AS change
    FROM (SELECT *, CAST(:prefix AS text) || source_key AS key FROM staging) AS staging
    LEFT JOIN LATERAL (
        SELECT * FROM institutions WHERE source = CAST(:source AS text) AND source_key = staging.key
        UNION ALL
        SELECT * FROM institutions WHERE rspo = staging.rspo
        LIMIT 1
    ) AS known ON true
"""  # noqa: S608
# Rows with the RSPO number of another institution become problems.
_REFUSED = """
    INSERT INTO staging_problems SELECT line, '/rspo', 'already_taken' FROM compared WHERE change = 'refused'
"""
# The former state of the changed institutions goes into the history. The whole
# statement sees one snapshot, so `_CHANGED` beside it has not changed them yet.
_KEPT = f"""
    INSERT INTO institution_history (institution_id, version, valid_to, {_FACTS})
    SELECT id, version, CAST(:day AS date), {_FACTS} FROM institutions
    WHERE id IN (SELECT id FROM compared WHERE change = 'changed')
"""  # noqa: S608
# An institution entered by hand takes the source and key of the file.
_CHANGED = f"""
    UPDATE institutions AS institution
    SET ({_COLUMNS}) = ROW({", ".join(f"compared.{name}" for name in _MERGED)}),
        source = CASE WHEN known_source = 'manual' THEN CAST(:source AS text) ELSE known_source END,
        source_key = CASE WHEN known_source = 'manual' THEN key ELSE institution.source_key END,
        valid_from = CAST(:day AS date), version = institution.version + 1, changed_at = now()
    FROM compared WHERE change = 'changed' AND institution.id = compared.id
    RETURNING institution.id, institution.version, institution.county_terc, 'changed' AS change
"""  # noqa: S608
# New institutions. Without a day of opening they are valid from long ago, like those
# entered by hand.
_CREATED = f"""
    INSERT INTO institutions ({_COLUMNS}, source, source_key, valid_from)
    SELECT {_COLUMNS}, CAST(:source AS text), key, coalesce(opened_on, DATE '1900-01-01')
    FROM compared WHERE change = 'created'
    RETURNING id, version, county_terc, 'created' AS change
"""  # noqa: S608
# The changed and created institutions, for their events and audit records.
_DONE = """
    SELECT 'institutions/' || id AS subject, version, county_terc, change
    FROM (SELECT * FROM changed UNION ALL SELECT * FROM created) AS institution
"""
# An event for each, written here because a file may change thousands of institutions.
_EMITTED = """
    INSERT INTO events (type, subject, subject_version, county_terc, data, trace_id)
    SELECT 'registry.institution.' || change, subject, version, county_terc,
           jsonb_build_object('href', '/v1/registry/' || subject, 'job', CAST(:job AS text)), CAST(:trace_id AS text)
    FROM done
"""
# An audit record for each.
_RECORDED = """
    INSERT INTO audit_records (actor, action, subject, outcome, county_terc, detail, trace_id)
    SELECT CAST(:actor AS text), 'import_institutions', subject, change, county_terc, detail, CAST(:trace_id AS text)
    FROM done, jsonb_build_object('job', CAST(:job AS text)) AS detail
"""
MERGE = text(
    f"""
WITH compared AS ({_COMPARED}), refused AS ({_REFUSED}), kept AS ({_KEPT}), changed AS ({_CHANGED}),
     created AS ({_CREATED}), done AS ({_DONE}), emitted AS ({_EMITTED}), recorded AS ({_RECORDED})
SELECT (SELECT count(*) FROM compared WHERE change = 'unchanged') AS unchanged,
       (SELECT count(*) FROM created) AS created, (SELECT count(*) FROM changed) AS changed
"""  # noqa: S608
)
"""Compare, refuse, keep the history, change, create, emit and record: one statement
over one snapshot.

The count of unchanged rows comes first, so that every row is compared before
one is inserted.
"""
