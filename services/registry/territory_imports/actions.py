"""Every change of the territory: official files, merged."""

from typing import Any

from services.chassis.background.jobs import JobRun
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change
from services.chassis.transfer.imports import Import, Merged, reject
from services.registry.permissions import Permission
from services.registry.problems import NewerStateLoaded
from services.registry.territory_imports import rules, statements


def _record(change: Change, run: JobRun, event: str, merged: Merged) -> None:
    """One audit record and one event for the whole file, when it changed anything."""
    # One of each for a file, not for every unit: followers read the whole list again.
    if merged.created or merged.changed:
        counts: dict[str, Any] = {
            "created": merged.created,
            "changed": merged.changed,
        }
        change.record("import_territories", Subject(f"jobs/{run.id}"), **counts)
        href = "/v1/registry/counties"
        change.tell(event, Subject("territories"), href=href, **counts)


async def _merge_terc(change: Change, run: JobRun) -> Merged:
    """Merge the state of a file. Units that its voivodeships no longer have are marked
    as removed, never deleted.
    """
    # An older file would bring back units that reforms have removed since.
    if await change.scalar(statements.IS_OLDER):
        raise NewerStateLoaded()
    await reject(change, statements.ORPHANS)
    created, changed, unchanged, removed = await change.one(statements.MERGE_UNITS)
    merged = Merged(created, changed + removed, unchanged)
    _record(change, run, "territories.imported", merged)
    return merged


async def _merge_populations(change: Change, run: JobRun) -> Merged:
    """Merge the populations of a file; rows of unknown units are rejected."""
    await reject(change, statements.UNKNOWN_UNITS)
    changed, total = await change.one(statements.MERGE_POPULATIONS)
    merged = Merged(0, changed, total - changed)
    _record(change, run, "populations.imported", merged)
    return merged


# Merged as a whole: a unit that is missing in one part of the file may be in another.
TERC = Import(
    kind="terc",
    rule=rules.parse_terc_row,
    staging=rules.STAGING,
    merge=_merge_terc,
    fields=rules.TERC_FIELDS,
    is_official=True,
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
