"""Every change of the territory: official files, merged."""

from sqlalchemy import text

from services.chassis import audit, events
from services.chassis.imports import Import, Merged, reject
from services.chassis.jobs import JobRun
from services.chassis.work import Change
from services.registry.permissions import Permission
from services.registry.problems import NewerStateLoaded
from services.registry.territory_imports import rules

_OLDER = text(
    "SELECT (SELECT max(as_of) FROM staging) < (SELECT max(as_of) FROM territorial_units)"
)
_ORPHANS = """
SELECT line, '/pow', 'not_found' FROM staging WHERE parent_terc IS NOT NULL
AND NOT EXISTS (SELECT FROM staging AS parent WHERE parent.terc = staging.parent_terc)
AND NOT EXISTS (SELECT FROM territorial_units AS unit WHERE unit.terc = staging.parent_terc)
"""
_MERGE = text("""
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
_UNKNOWN = "SELECT line, '/terc', 'not_found' FROM staging WHERE terc NOT IN (SELECT terc FROM territorial_units)"
_MERGE_POPULATIONS = text("""
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


def _note(change: Change, run: JobRun, event: str, merged: Merged) -> None:
    """One record and one event for the whole file, when it changed anything."""
    if merged.created or merged.changed:
        counts = {"created": merged.created, "changed": merged.changed}
        audit.record(
            change, run.caller, "import_territories", f"jobs/{run.id}", detail=counts
        )
        events.emit(
            change,
            event,
            "territories",
            1,
            data={"href": "/v1/registry/counties", **counts},
        )


async def _merge_terc(change: Change, run: JobRun) -> Merged:
    """Take the file's state. Units that its voivodeships no longer have are marked as removed, never deleted."""
    if await change.scalar(_OLDER):
        raise NewerStateLoaded()
    await reject(change, _ORPHANS)
    created, changed, unchanged, removed = await change.one(_MERGE)
    merged = Merged(created, changed + removed, unchanged)
    _note(change, run, "registry.territories.imported", merged)
    return merged


async def _merge_populations(change: Change, run: JobRun) -> Merged:
    """Take the numbers of people of the units that are known."""
    await reject(change, _UNKNOWN)
    changed, total = await change.one(_MERGE_POPULATIONS)
    merged = Merged(0, changed, total - changed)
    _note(change, run, "registry.populations.imported", merged)
    return merged


TERC = Import(
    kind="terc",
    rule=rules.parse_terc_row,
    staging=rules.STAGING,
    merge=_merge_terc,
    fields=rules.TERC_FIELDS,
    required=("woj", "pow", "gmi", "rodz", "nazwa", "stan_na"),
    unique=("terc",),
    permission=Permission.IMPORT_TERRITORIES,
)
POPULATIONS = Import(
    kind="populations",
    rule=rules.parse_population_row,
    staging=rules.POPULATION_STAGING,
    merge=_merge_populations,
    fields=rules.POPULATION_FIELDS,
    required=("terc", "population", "as_of"),
    unique=("terc",),
    permission=Permission.IMPORT_TERRITORIES,
)
IMPORTS = {kind.kind: kind for kind in (TERC, POPULATIONS)}
