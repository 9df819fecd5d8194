"""SQL of the import of reports: statements over `staging`, the temporary table that holds a file's rows.

SQLAlchemy does not build them: staging tables have no table class, and a merge is one statement of several parts.
"""

from sqlalchemy import text

# Wait until no other file of reports is being merged; only PostgreSQL has
# advisory locks.
ONE_FILE_AT_A_TIME = text(
    "SELECT pg_advisory_xact_lock(hashtextextended('register_reports', 0))"
)
_KEY = "kind, year, register, entity_key"
_MERGED = (
    "entity_name",
    "county_terc",
    "registered",
    "report_submitted_on",
    "institution_id",
)
_COLUMNS = ", ".join(_MERGED)
# Rows about the same entity, year and register as an earlier row of the file.
REPEATED = f"""
SELECT line, '/entity_key', 'repeated_in_file' FROM (
    SELECT line, row_number() OVER (PARTITION BY {_KEY} ORDER BY line) AS time FROM staging
) AS numbered WHERE time > 1
"""  # noqa: S608 - put together from our own names of columns
# Rows whose county or institution is not known.
UNKNOWN_REFERENCES = """
SELECT line, '/county_terc', 'not_found' FROM staging
WHERE county_terc NOT IN (SELECT terc FROM territorial_units WHERE level = 'county')
UNION ALL
SELECT line, '/institution_id', 'not_found' FROM staging
WHERE institution_id IS NOT NULL AND NOT EXISTS (SELECT FROM institutions WHERE id = staging.institution_id)
"""
# Rows of a year or a day after today ($1).
OF_THE_FUTURE = """
SELECT line, '/year', 'in_future' FROM staging WHERE year > extract(year FROM $1::date)
UNION ALL
SELECT line, '/report_submitted_on', 'in_future' FROM staging WHERE report_submitted_on > $1::date
"""
# Rows of counties that are not the caller's ($1).
OUT_OF_REACH = "SELECT line, '/county_terc', 'outside_scope' FROM staging WHERE NOT county_terc = ANY ($1::text[])"
# Rows of stored reports in counties that are not the caller's ($1).
KNOWN_OUT_OF_REACH = f"""
SELECT line, '/entity_key', 'outside_scope' FROM staging JOIN register_reports AS known USING ({_KEY})
WHERE NOT known.county_terc = ANY ($1::text[])
"""  # noqa: S608
_BEFORE = ", ".join(f"known.{name}" for name in _MERGED)
_AFTER = ", ".join(f"coalesce(staging.{name}, known.{name})" for name in _MERGED)
_NEW_COLUMNS = ", ".join(
    f"coalesce(staging.{name}, known.{name}) AS {name}" for name in _MERGED
)
# An empty cell of a new row means registered: a register lists the entities
# that are in it.
MERGE = text(
    f"""
WITH compared AS (
    SELECT known.id, {_KEY}, {_NEW_COLUMNS}, known.id IS NOT NULL AND ({_BEFORE}) IS DISTINCT FROM ({_AFTER}) AS differs
    FROM staging LEFT JOIN register_reports AS known USING ({_KEY})
), changed AS (
    UPDATE register_reports AS report
    SET ({_COLUMNS}) = ROW({", ".join(f"compared.{name}" for name in _MERGED)}),
        version = report.version + 1, changed_at = now()
    FROM compared WHERE compared.differs AND report.id = compared.id
    RETURNING report.id, report.version, report.county_terc, 'changed' AS change
), created AS (
    INSERT INTO register_reports ({_KEY}, entity_name, county_terc, registered, report_submitted_on, institution_id)
    SELECT {_KEY}, entity_name, county_terc, coalesce(registered, true), report_submitted_on, institution_id
    FROM compared WHERE id IS NULL
    RETURNING id, version, county_terc, 'created' AS change
), done AS (
    SELECT * FROM changed UNION ALL SELECT * FROM created
), emitted AS (
    INSERT INTO events (type, subject, subject_version, county_terc, data, trace_id)
    SELECT 'registry.register-report.' || change, 'register-reports/' || id, version, county_terc,
           jsonb_build_object('href', '/v1/registry/register-reports/' || id, 'job', CAST(:job AS text)),
           CAST(:trace_id AS text)
    FROM done
), recorded AS (
    INSERT INTO audit_records (actor, action, subject, outcome, county_terc, detail, trace_id)
    SELECT CAST(:actor AS text), 'import_statistical_reports', 'register-reports/' || id, change, county_terc,
           jsonb_build_object('job', CAST(:job AS text)), CAST(:trace_id AS text)
    FROM done
)
SELECT (SELECT count(*) FROM created), (SELECT count(*) FROM changed),
       (SELECT count(*) FROM compared WHERE id IS NOT NULL AND NOT differs)
"""  # noqa: S608
)
"""Compare, change, create, emit and record: one statement over one snapshot. An empty
cell leaves the stored value.
"""
