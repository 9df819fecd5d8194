"""SQL of the territory's imports: statements over `staging`, the temporary table that holds a file's rows.

SQLAlchemy does not build them: staging tables have no table class, and a merge is one statement of several parts.
"""

from sqlalchemy import text

# Whether the file is of an older state than the table.
IS_OLDER = text(
    "SELECT (SELECT max(as_of) FROM staging) < (SELECT max(as_of) FROM territorial_units)"
)
# Rows whose parent is neither in the file nor in the table.
ORPHANS = """
SELECT line, '/pow', 'not_found' FROM staging WHERE parent_terc IS NOT NULL
AND NOT EXISTS (SELECT FROM staging AS parent WHERE parent.terc = staging.parent_terc)
AND NOT EXISTS (SELECT FROM territorial_units AS unit WHERE unit.terc = staging.parent_terc)
"""
# Merge the state of a file, and mark the units that its voivodeships no longer have as
# removed. Returns how many units were created, changed, unchanged and removed.
MERGE_UNITS = text("""
WITH known AS (
    SELECT staging.*, unit.terc IS NULL AS is_new,
           (unit.name, unit.kind, unit.removed_on) IS DISTINCT FROM (staging.name, staging.kind, NULL::date) AS differs
    FROM staging LEFT JOIN territorial_units AS unit USING (terc)
), merged AS (
    INSERT INTO territorial_units AS unit (terc, level, kind, name, parent_terc, as_of)
    SELECT terc, level, kind, name, parent_terc, as_of FROM known ORDER BY terc
    ON CONFLICT (terc) DO UPDATE SET
        kind = excluded.kind, name = excluded.name, as_of = excluded.as_of, removed_on = NULL,
        version = unit.version + 1
    WHERE (unit.name, unit.kind, unit.removed_on, unit.as_of)
          IS DISTINCT FROM (excluded.name, excluded.kind, NULL::date, excluded.as_of)
), removed AS (
    UPDATE territorial_units AS unit
    SET removed_on = (SELECT max(as_of) FROM staging), version = version + 1
    WHERE removed_on IS NULL
      AND left(terc, 2) IN (SELECT left(terc, 2) FROM staging)
      AND NOT EXISTS (SELECT FROM staging WHERE staging.terc = unit.terc)
    RETURNING terc
)
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new AND differs),
       count(*) FILTER (WHERE NOT is_new AND NOT differs), (SELECT count(*) FROM removed)
FROM known
""")
# Rows of unknown units.
UNKNOWN_UNITS = "SELECT line, '/terc', 'not_found' FROM staging WHERE terc NOT IN (SELECT terc FROM territorial_units)"
# Merge the populations of a file. Returns how many units changed, and the
# number of rows.
MERGE_POPULATIONS = text("""
WITH changed AS (
    UPDATE territorial_units AS unit
    SET population = staging.population, urban_population = staging.urban_population, population_on = staging.as_of,
        version = version + 1
    FROM staging
    WHERE unit.terc = staging.terc AND (unit.population, unit.urban_population, unit.population_on)
          IS DISTINCT FROM (staging.population, staging.urban_population, staging.as_of)
    RETURNING unit.terc
)
SELECT (SELECT count(*) FROM changed), count(*) FROM staging
""")
