"""Whole register files merged at once: history kept, an audit record and an event for every institution changed.

An empty cell leaves what is known. A record is found again by its source's own key, else by its RSPO number.
"""

from functools import partial
from typing import Any

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.chassis.clock import today
from services.chassis.correlation import trace_id
from services.chassis.identity import Reach
from services.chassis.imports import Import, Merged, reject
from services.chassis.jobs import JobRun
from services.registry.institution_imports.rules import registers
from services.registry.institutions.models import FACTS
from services.registry.institutions.rules.kinds import InstitutionSource
from services.registry.permissions import Permission

_MERGED = tuple(name for name in registers.STAGING if name in FACTS and name != "source_key")
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
_KEY = text("UPDATE staging SET source_key = :system || source_key")

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
_RSPO_TAKEN = """
SELECT staging.line, '/rspo', 'already_taken'
FROM staging
JOIN institutions AS by_key ON by_key.source = $1 AND by_key.source_key = staging.source_key
JOIN institutions AS by_rspo ON by_rspo.rspo = staging.rspo AND by_rspo.id <> by_key.id
"""
_KNOWN_OUT_OF_REACH = """
SELECT staging.line, '/rspo', 'outside_scope'
FROM staging JOIN institutions AS known
  ON known.rspo = staging.rspo OR (known.source = $2 AND known.source_key = staging.source_key)
WHERE NOT known.county_terc = ANY ($1::text[])
"""


_FACTS, _COLUMNS = ", ".join(FACTS), ", ".join(_MERGED)
_BEFORE = ", ".join(f"known.{name}" for name in _MERGED)
_AFTER = ", ".join(f"coalesce(staging.{name}, known.{name})" for name in _MERGED)
_NAMED = ", ".join(f"coalesce(staging.{name}, known.{name}) AS {name}" for name in _MERGED)

_COMPARED = f"""
    SELECT known.id, known.version, known.source AS known_source, staging.source_key, {_NAMED},
           known.id IS NOT NULL AND ({_BEFORE}) IS DISTINCT FROM ({_AFTER}) AS differs
    FROM staging
    LEFT JOIN institutions AS by_key ON by_key.source = CAST(:source AS text) AND by_key.source_key = staging.source_key
    LEFT JOIN institutions AS by_rspo ON by_rspo.rspo = staging.rspo
    LEFT JOIN institutions AS known ON known.id = coalesce(by_key.id, by_rspo.id)
"""  # noqa: S608
_KEPT = f"""
    INSERT INTO institution_history (institution_id, version, valid_to, {_FACTS})
    SELECT id, version, CAST(:day AS date), {_FACTS} FROM institutions
    WHERE id IN (SELECT id FROM compared WHERE differs)
"""  # noqa: S608
_CHANGED = f"""
    UPDATE institutions AS institution
    SET ({_COLUMNS}) = ROW({", ".join(f"compared.{name}" for name in _MERGED)}),
        source = CASE WHEN known_source = 'manual' THEN CAST(:source AS text) ELSE known_source END,
        source_key = CASE WHEN known_source = 'manual' THEN compared.source_key ELSE institution.source_key END,
        valid_from = CAST(:day AS date), version = institution.version + 1, changed_at = now()
    FROM compared WHERE compared.differs AND institution.id = compared.id
    RETURNING institution.id, institution.version, institution.county_terc, 'changed' AS change
"""  # noqa: S608
_CREATED = f"""
    INSERT INTO institutions ({_COLUMNS}, source, source_key, valid_from)
    SELECT {_COLUMNS}, CAST(:source AS text), source_key, coalesce(opened_on, DATE '1900-01-01')
    FROM compared WHERE id IS NULL
    RETURNING id, version, county_terc, 'created' AS change
"""  # noqa: S608
_TOLD = """
    INSERT INTO events (type, subject, subject_version, county_terc, data, trace_id)
    SELECT 'registry.institution.' || change, 'institutions/' || id, version, county_terc,
           jsonb_build_object('href', '/v1/registry/institutions/' || id, 'job', CAST(:job AS text)),
           CAST(:trace_id AS text)
    FROM done
"""
_NOTED = """
    INSERT INTO audit_records (actor, action, subject, outcome, county_terc, detail, trace_id)
    SELECT CAST(:actor AS text), 'import_institutions', 'institutions/' || id, change, county_terc,
           jsonb_build_object('job', CAST(:job AS text)), CAST(:trace_id AS text)
    FROM done
"""
_MERGE = text(
    f"""
WITH compared AS ({_COMPARED}), kept AS ({_KEPT}), changed AS ({_CHANGED}), created AS ({_CREATED}),
     done AS (SELECT * FROM changed UNION ALL SELECT * FROM created), told AS ({_TOLD}), noted AS ({_NOTED})
SELECT (SELECT count(*) FROM created), (SELECT count(*) FROM changed),
       (SELECT count(*) FROM compared WHERE id IS NOT NULL AND NOT differs)
"""  # noqa: S608
)
"""Compare, keep the history, change, create, tell and note: one statement over one snapshot."""


async def _refuse_rows(session: AsyncSession, run: JobRun, source: InstitutionSource) -> None:
    """Take out the rows whose place is unknown or out of the caller's reach, or whose RSPO number is another's."""
    connection = await session.connection()
    await connection.execute(_NAME_COUNTIES)
    await reject(session, _WITHOUT_COUNTY)
    await reject(session, _UNKNOWN_PLACE)
    if run.caller.reach(Permission.IMPORT_INSTITUTIONS) != Reach.EVERYWHERE:
        own = sorted(run.caller.counties)
        await reject(session, _OUT_OF_REACH, own)
        await reject(session, _KNOWN_OUT_OF_REACH, own, source.value)
    await reject(session, _RSPO_TAKEN, source.value)


async def _merge(source: InstitutionSource, session: AsyncSession, run: JobRun) -> Merged:
    connection = await session.connection()
    if source is InstitutionSource.GENERIC:
        await connection.execute(_KEY, {"system": f"{run.parameters['system']}:"})
    await _refuse_rows(session, run, source)
    values: dict[str, Any] = {"source": source, "day": today(), "actor": run.caller.subject}
    values |= {"job": str(run.id), "trace_id": trace_id()}
    created, changed, unchanged = (await connection.execute(_MERGE, values)).one()
    return Merged(created, changed, unchanged)


_STAGED: dict[str, Any] = {"staging": registers.STAGING, "rows_at_once": 10_000}
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
