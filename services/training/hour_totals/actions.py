"""Every change of sums from elsewhere."""

from uuid import UUID

from sqlalchemy import func, tuple_
from sqlalchemy.dialects.postgresql import insert as upsert

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored
from services.chassis.ground.problems import FieldError, UnknownReference, refuse
from services.chassis.trust.access import demand
from services.training.annulling import AnnullingReason, annul
from services.training.hour_totals import queries, rules
from services.training.hour_totals.models import HourTotal
from services.training.hour_totals.schemas import (
    HourTotalItem,
    HourTotalsImport,
    HourTotalsImported,
)
from services.training.permissions import Permission

# All but what it is known by: these are compared, and replaced.
_FACTS = (
    "programme_id",
    "year",
    "audience_role",
    "county_terc",
    "minutes",
    "is_lower_bound",
)


async def import_hour_totals(
    change: Change, new: HourTotalsImport, this_year: int
) -> HourTotalsImported:
    """Take a source's sums: those that are new, and what has changed of those that are
    known.

    A sum of the whole country is taken of whoever imports for every county alone.
    """
    ids = [each.external_id for each in new.items]
    years = [each.year for each in new.items]
    refuse(*rules.totals_errors(ids, years, this_year))
    counties = {each.county_terc for each in new.items}
    # Nobody takes over another county's sum by naming the own county.
    counties |= await queries.list_known_counties(change, new.source, ids)
    # None among them is the whole country, which own counties never cover.
    for county in counties:
        demand(change.caller, Permission.IMPORT_HOURS, county=county)
    await _require_programmes(change, new)
    # Else the next file of the source would bring back what somebody here has refused.
    annulled = await queries.list_annulled(change, new.source, ids)
    taken = [each for each in new.items if each.external_id not in annulled]
    # In one order, so that two imports of the same sums do not wait for each other.
    items = sorted(taken, key=lambda each: each.external_id)
    versions = [await _take(change, new.source, each) for each in items]
    return HourTotalsImported(
        created=versions.count(1),
        changed=len([each for each in versions if each and each > 1]),
        unchanged=versions.count(None),
        annulled=len(annulled),
    )


async def _require_programmes(change: Change, new: HourTotalsImport) -> None:
    named = {each.programme_id for each in new.items}
    known = await queries.list_known_programmes(change, named)
    unknown = [
        FieldError("pointer", f"/items/{place}/programme_id", "not_found")
        for place, each in enumerate(new.items)
        if each.programme_id not in known
    ]
    if unknown:
        raise UnknownReference(*unknown)


async def _take(change: Change, source: str, item: HourTotalItem) -> int | None:
    """The version that a sum has from now on; None where it said the same before."""
    added = upsert(HourTotal).values(source=source, **item.model_dump())
    columns = queries.TOTALS.c
    before = tuple_(*[columns[name] for name in _FACTS])
    after = tuple_(*[added.excluded[name] for name in _FACTS])
    statement = added.on_conflict_do_update(
        index_elements=["source", "external_id"],
        set_={name: added.excluded[name] for name in _FACTS}
        | {"version": columns.version + 1, "changed_at": func.now()},
        # Else a second run would raise every version, and tell followers of nothing.
        where=before.is_distinct_from(after),
    )
    row = await change.find(statement.returning(columns.id, columns.version))
    if row is None:
        return None
    total_id, version = row
    # PostgreSQL does not say which of the two it did; the version does.
    verb = "created" if version == 1 else "changed"
    subject = Subject(f"hour-totals/{total_id}", version, item.county_terc)
    change.record("import_hour_totals", subject, f"hour-total.{verb}")
    return int(version)


async def annul_hour_total(
    change: Change, total_id: UUID, reason: AnnullingReason, version: int
) -> Stored:
    """Let a sum not count any more; a later import does not bring it back."""
    total = await queries.lock_hour_total(change, total_id)
    # A sum of the whole country is annulled by whoever imports for every county.
    demand(change.caller, Permission.IMPORT_HOURS, county=total.county_terc)
    annulled = await annul(change, total, reason, version)
    subject = Subject(f"hour-totals/{total_id}", annulled.version, total.county_terc)
    change.record("annul_hour_total", subject, "hour-total.annulled")
    return await queries.get_hour_total(change, total_id)
