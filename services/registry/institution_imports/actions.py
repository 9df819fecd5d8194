"""Whole register files merged at once: history kept, an audit record and an event for
every institution changed.

An empty cell leaves the stored value. A record is matched by the key of its source,
else by its RSPO number.
"""

from functools import partial
from typing import Any

from services.chassis.background.jobs import JobRun
from services.chassis.data.work import Change
from services.chassis.ground.clock import today
from services.chassis.ground.correlation import trace_id
from services.chassis.transfer.imports import Import, Merged, reject
from services.chassis.trust.access import own_counties
from services.registry.institution_imports import statements
from services.registry.institution_imports.rules import nurseries, rows, rspo, tables
from services.registry.institutions.rules.kinds import InstitutionSource
from services.registry.permissions import Permission


async def _refuse_rows(
    change: Change, run: JobRun, source: InstitutionSource, prefix: str
) -> None:
    """Reject the rows whose place is unknown or out of the caller's reach."""
    # Names become codes first: the later statements compare codes.
    await change.execute(statements.NAME_COUNTIES)
    await reject(change, statements.WITHOUT_COUNTY)
    await reject(change, statements.UNKNOWN_PLACES)
    counties = own_counties(run.caller, Permission.IMPORT_INSTITUTIONS)
    if counties is not None:
        await reject(change, statements.OUT_OF_REACH, counties)
        # A row may name the caller's county where the stored record names another one:
        # a file must not move an institution of another county.
        await reject(
            change, statements.KNOWN_OUT_OF_REACH, counties, source.value, prefix
        )


async def _merge(source: InstitutionSource, change: Change, run: JobRun) -> Merged:
    prefix = (
        # Every system numbers from 1: the prefix keeps their keys apart.
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
    unchanged, created, changed = await change.one(statements.MERGE, values=values)
    return Merged(created, changed, unchanged)


_STAGED: dict[str, Any] = {
    "staging": rows.STAGING,
    # In parts, so that the parser works on while PostgreSQL merges.
    "rows_at_once": 5_000,
    "permission": Permission.IMPORT_INSTITUTIONS,
}
RSPO = Import(
    kind="rspo",
    rule=rspo.parse_rspo_row,
    merge=partial(_merge, InstitutionSource.RSPO),
    fields=rspo.RSPO_FIELDS,
    ignored=rspo.RSPO_IGNORED,
    is_official=True,
    derived={
        "source_key": ("rspo",),
        "commune_terc": ("commune_code",),
        "county_terc": ("commune_code", "county_code"),
    },
    unique=("source_key",),
    required=("rspo", "type", "name"),
    **_STAGED,
)
NURSERIES = Import(
    kind="nurseries",
    rule=nurseries.parse_nursery_row,
    merge=partial(_merge, InstitutionSource.NURSERIES),
    fields=nurseries.NURSERY_FIELDS,
    is_official=True,
    derived={"county_terc": ("commune_terc", "county_name")},
    unique=("source_key",),
    required=("source_key", "type", "name"),
    **_STAGED,
)
GENERIC = Import(
    kind="generic",
    rule=tables.parse_generic_row,
    merge=partial(_merge, InstitutionSource.GENERIC),
    fields=tables.GENERIC_FIELDS,
    derived={
        "source_key": ("external_id", "regon"),
        "county_terc": ("commune_terc", "county_name"),
    },
    # An institution is matched by either of the two: with a repeated key, the later row
    # would overwrite the earlier one.
    unique=("source_key", "rspo"),
    required=("name", "type"),
    **_STAGED,
)
IMPORTS = {kind.kind: kind for kind in (RSPO, NURSERIES, GENERIC)}
