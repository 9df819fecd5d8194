"""Whole register files merged at once: history kept, an audit record and an event for every institution changed.

An empty cell leaves what is known. A record is found again by its source's own key, else by its RSPO number.
"""

from functools import partial
from typing import Any

from sqlalchemy import text

from services.chassis.access import own_counties
from services.chassis.clock import today
from services.chassis.correlation import trace_id
from services.chassis.imports import Import, Merged, reject
from services.chassis.jobs import JobRun
from services.chassis.work import Change
from services.registry.institution_imports.rules import registers
from services.registry.institutions.models import FACTS
from services.registry.institutions.rules.kinds import InstitutionSource
from services.registry.permissions import Permission

_MERGED = tuple(
    name for name in registers.STAGING if name in FACTS and name != "source_key"
)
_FOLD = "translate(lower({}), 'ąćęłńóśźż', 'acelnoszz')"

_NAME_COUNTIES = text(
    f"""
UPDATE staging SET county_terc = found.terc
FROM (
    SELECT line, min(county.terc) AS terc
    FROM staging AS row
    JOIN territorial_units AS county ON county.level = 'county' AND county.removed_on IS NULL
     AND county.folded_name = {_FOLD.format("row.county_name")}
    JOIN territorial_units AS voivodeship ON voivodeship.terc = county.parent_terc
    WHERE row.county_terc IS NULL
      AND (row.voivodeship_name IS NULL OR voivodeship.folded_name = {_FOLD.format("row.voivodeship_name")})
    GROUP BY line HAVING count(*) = 1
) AS found
WHERE found.line = staging.line
"""  # noqa: S608 - put together from our own names of columns
)
_WITHOUT_COUNTY = f"""
SELECT line, '/county_name', CASE WHEN EXISTS (
    SELECT FROM territorial_units AS county
    WHERE county.level = 'county' AND county.folded_name = {_FOLD.format("staging.county_name")}
) THEN 'ambiguous' ELSE 'not_found' END
FROM staging WHERE county_terc IS NULL
"""  # noqa: S608
_UNKNOWN_PLACE = """
SELECT line, '/county_terc', 'not_found' FROM staging
WHERE county_terc NOT IN (SELECT terc FROM territorial_units WHERE level = 'county')
UNION ALL
SELECT line, '/commune_terc', 'not_found' FROM staging
WHERE commune_terc NOT IN (SELECT terc FROM territorial_units WHERE level = 'commune')
"""
_OUT_OF_REACH = "SELECT line, '/county_terc', 'outside_scope' FROM staging WHERE NOT county_terc = ANY ($1::text[])"
_KNOWN_OUT_OF_REACH = """
SELECT staging.line, '/rspo', 'outside_scope'
FROM staging JOIN institutions AS known
  ON known.rspo = staging.rspo OR (known.source = $2 AND known.source_key = $3 || staging.source_key)
WHERE NOT known.county_terc = ANY ($1::text[])
"""


_FACTS, _COLUMNS = ", ".join(FACTS), ", ".join(_MERGED)
_BEFORE = ", ".join(f"known.{name}" for name in _MERGED)
_AFTER = ", ".join(f"coalesce(staging.{name}, known.{name})" for name in _MERGED)
_NAMED = ", ".join(
    f"coalesce(staging.{name}, known.{name}) AS {name}" for name in _MERGED
)

_COMPARED = f"""
    SELECT staging.line, known.id, known.source AS known_source, staging.key, {_NAMED},
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
"""Each row is looked up by index, by its key or else by its RSPO number: the cost follows the file, not the table."""
_REFUSED = """
    INSERT INTO staging_problems SELECT line, '/rspo', 'already_taken' FROM compared WHERE change = 'refused'
"""
_KEPT = f"""
    INSERT INTO institution_history (institution_id, version, valid_to, {_FACTS})
    SELECT id, version, CAST(:day AS date), {_FACTS} FROM institutions
    WHERE id IN (SELECT id FROM compared WHERE change = 'changed')
"""  # noqa: S608
_CHANGED = f"""
    UPDATE institutions AS institution
    SET ({_COLUMNS}) = ROW({", ".join(f"compared.{name}" for name in _MERGED)}),
        source = CASE WHEN known_source = 'manual' THEN CAST(:source AS text) ELSE known_source END,
        source_key = CASE WHEN known_source = 'manual' THEN key ELSE institution.source_key END,
        valid_from = CAST(:day AS date), version = institution.version + 1, changed_at = now()
    FROM compared WHERE change = 'changed' AND institution.id = compared.id
    RETURNING institution.id, institution.version, institution.county_terc, 'changed' AS change
"""  # noqa: S608
_CREATED = f"""
    INSERT INTO institutions ({_COLUMNS}, source, source_key, valid_from)
    SELECT {_COLUMNS}, CAST(:source AS text), key, coalesce(opened_on, DATE '1900-01-01')
    FROM compared WHERE change = 'created'
    RETURNING id, version, county_terc, 'created' AS change
"""  # noqa: S608
_DONE = """
    SELECT 'institutions/' || id AS subject, version, county_terc, change
    FROM (SELECT * FROM changed UNION ALL SELECT * FROM created) AS institution
"""
_TOLD = """
    INSERT INTO events (type, subject, subject_version, county_terc, data, trace_id)
    SELECT 'registry.institution.' || change, subject, version, county_terc,
           jsonb_build_object('href', '/v1/registry/' || subject, 'job', CAST(:job AS text)), CAST(:trace_id AS text)
    FROM done
"""
_NOTED = """
    INSERT INTO audit_records (actor, action, subject, outcome, county_terc, detail, trace_id)
    SELECT CAST(:actor AS text), 'import_institutions', subject, change, county_terc, detail, CAST(:trace_id AS text)
    FROM done, jsonb_build_object('job', CAST(:job AS text)) AS detail
"""
_MERGE = text(
    f"""
WITH compared AS ({_COMPARED}), refused AS ({_REFUSED}), kept AS ({_KEPT}), changed AS ({_CHANGED}),
     created AS ({_CREATED}), done AS ({_DONE}), told AS ({_TOLD}), noted AS ({_NOTED})
SELECT (SELECT count(*) FROM compared WHERE change = 'unchanged') AS unchanged,
       (SELECT count(*) FROM created) AS created, (SELECT count(*) FROM changed) AS changed
"""  # noqa: S608
)
"""Compare, refuse, keep the history, change, create, tell and note: one statement over one snapshot.

Counting the unchanged first has every row compared before the first is inserted.
"""


async def _refuse_rows(
    change: Change, run: JobRun, source: InstitutionSource, prefix: str
) -> None:
    """Take out the rows whose place is unknown or out of the caller's reach."""
    await change.execute(_NAME_COUNTIES)
    await reject(change, _WITHOUT_COUNTY)
    await reject(change, _UNKNOWN_PLACE)
    own = own_counties(run.caller, Permission.IMPORT_INSTITUTIONS)
    if own is not None:
        await reject(change, _OUT_OF_REACH, own)
        await reject(change, _KNOWN_OUT_OF_REACH, own, source.value, prefix)


async def _merge(source: InstitutionSource, change: Change, run: JobRun) -> Merged:
    prefix = (
        f"{run.parameters['system']}:" if source is InstitutionSource.GENERIC else ""
    )
    await _refuse_rows(change, run, source, prefix)
    values: dict[str, Any] = {
        "source": source,
        "prefix": prefix,
        "day": today(),
        "actor": run.caller.subject,
    }
    values |= {"job": str(run.id), "trace_id": trace_id()}
    counted = await change.one(_MERGE, values=values)
    return Merged(**counted._mapping)


_STAGED: dict[str, Any] = {
    "staging": registers.STAGING,
    "rows_at_once": 5_000,
    "permission": Permission.IMPORT_INSTITUTIONS,
}
RSPO = Import(
    kind="rspo",
    rule=registers.parse_rspo_row,
    merge=partial(_merge, InstitutionSource.RSPO),
    fields=registers.RSPO_FIELDS,
    unique=("source_key",),
    required=("rspo", "type", "name"),
    encodings=("utf-8", "cp1250"),
    **_STAGED,
)
NURSERIES = Import(
    kind="nurseries",
    rule=registers.parse_nursery_row,
    merge=partial(_merge, InstitutionSource.NURSERIES),
    fields=registers.NURSERY_FIELDS,
    unique=("source_key",),
    required=("source_key", "type", "name"),
    encodings=("utf-8", "cp1250"),
    **_STAGED,
)
GENERIC = Import(
    kind="generic",
    rule=registers.parse_generic_row,
    merge=partial(_merge, InstitutionSource.GENERIC),
    fields=registers.GENERIC_FIELDS,
    unique=("source_key", "rspo"),
    required=("name", "type"),
    encodings=("utf-8", "cp1250"),
    **_STAGED,
)
IMPORTS = {kind.kind: kind for kind in (RSPO, NURSERIES, GENERIC)}
