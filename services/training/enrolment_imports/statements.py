"""SQL of enrolments' imports, over `staging`: the temporary table with a file's rows.

SQLAlchemy does not build them: staging tables have no table class.
"""

from sqlalchemy import text

# Rows of counties that are not the caller's ($1).
OUT_OF_REACH = """
SELECT line, '/county_terc', 'outside_scope' FROM staging
WHERE NOT county_terc = ANY ($1::text[])
"""
# Each row with the trainee of its source and id, and the newest group of its code.
_KNOWN = """
    SELECT staging.line, known.id AS trainee_id, known.erased_at, named.id AS group_id
    FROM staging
    LEFT JOIN trainees AS known
      ON known.county_terc = staging.county_terc
     AND known.source = {source} AND known.external_id = staging.external_id
    LEFT JOIN (
        SELECT DISTINCT ON (groups.code) groups.code, groups.id
        FROM groups
        JOIN programme_versions AS version ON version.id = groups.programme_version_id
        JOIN programmes ON programmes.id = version.programme_id
        WHERE programmes.code = {programme}
        ORDER BY groups.code, version.number DESC
    ) AS named ON named.code = staging.group_code
"""
# Rows of people whom the source ($1) has not sent, or who were erased on request,
# and of groups that the programme ($2) does not have.
UNKNOWN = f"""
SELECT line, pointer, wrong.code
FROM ({_KNOWN.format(source="$1", programme="$2")}) AS known
CROSS JOIN LATERAL (VALUES
    ('/external_id', CASE WHEN trainee_id IS NULL THEN 'not_found'
                          WHEN erased_at IS NOT NULL THEN 'erased' END),
    ('/group_code', CASE WHEN group_id IS NULL THEN 'not_found' END)
) AS wrong (pointer, code)
WHERE wrong.code IS NOT NULL
"""  # noqa: S608 - put together from our own statements
# Rows that were refused one by one: their lines, fields and codes.
REFUSED = "SELECT * FROM unnest($1::integer[], $2::text[], $3::text[])"
_NAMED = _KNOWN.format(
    source="CAST(:source AS text)", programme="CAST(:programme AS text)"
)
# The remaining rows, in the order of the file.
ROWS = text(f"""
SELECT line, trainee_id, group_id FROM ({_NAMED}) AS known ORDER BY line
""")  # noqa: S608
