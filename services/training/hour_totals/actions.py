"""Every change of imported sums."""

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

# The columns that an import compares and replaces: all except the key.
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
    """Import a source's sums: insert new ones, and update those that have changed.

    A sum of the whole country needs the right to import for every county.
    """
    ids = [each.external_id for each in new.items]
    years = [each.year for each in new.items]
    refuse(*rules.totals_errors(ids, years, this_year))
    counties = {each.county_terc for each in new.items}
    # Stored counties as well: an import must not move another county's sum to its own.
    counties |= await queries.list_known_counties(change, new.source, ids)
    # None is the whole country, which needs an unlimited reach.
    for county in counties:
        demand(change.caller, Permission.IMPORT_HOURS, county=county)
    await _require_programmes(change, new)
    # Annulled sums are skipped: an import must not bring them back.
    annulled_ids = await queries.list_annulled(change, new.source, ids)
    valid = [each for each in new.items if each.external_id not in annulled_ids]
    # In one order, so that two imports of the same sums cannot deadlock.
    items = sorted(valid, key=lambda each: each.external_id)
    versions = [await _upsert_total(change, new.source, each) for each in items]
    return HourTotalsImported(
        created=versions.count(1),
        changed=len([each for each in versions if each and each > 1]),
        unchanged=versions.count(None),
        annulled=len(annulled_ids),
    )


async def _require_programmes(change: Change, new: HourTotalsImport) -> None:
    programme_ids = {each.programme_id for each in new.items}
    known_ids = await queries.list_known_programmes(change, programme_ids)
    errors = [
        FieldError("pointer", f"/items/{place}/programme_id", "not_found")
        for place, each in enumerate(new.items)
        if each.programme_id not in known_ids
    ]
    if errors:
        raise UnknownReference(*errors)


async def _upsert_total(change: Change, source: str, item: HourTotalItem) -> int | None:
    """Insert or update one sum; its new version, or None where nothing changed."""
    insertion = upsert(HourTotal).values(source=source, **item.model_dump())
    columns = queries.TOTALS.c
    before = tuple_(*[columns[name] for name in _FACTS])
    after = tuple_(*[insertion.excluded[name] for name in _FACTS])
    statement = insertion.on_conflict_do_update(
        index_elements=["source", "external_id"],
        set_={name: insertion.excluded[name] for name in _FACTS}
        | {"version": columns.version + 1, "changed_at": func.now()},
        # Without this, a second run would raise versions and send events for no change.
        where=before.is_distinct_from(after),
    )
    row = await change.find(statement.returning(columns.id, columns.version))
    if row is None:
        return None
    total_id, version = row
    # The version shows whether the row was inserted or updated.
    verb = "created" if version == 1 else "changed"
    subject = Subject(f"hour-totals/{total_id}", version, item.county_terc)
    change.record("import_hour_totals", subject, f"hour-total.{verb}")
    return int(version)


async def annul_hour_total(
    change: Change, total_id: UUID, reason: AnnullingReason, version: int
) -> Stored:
    """Annul a sum; a later import does not bring it back."""
    total = await queries.lock_hour_total(change, total_id)
    # A sum of the whole country (None) needs an unlimited reach.
    demand(change.caller, Permission.IMPORT_HOURS, county=total.county_terc)
    annulled = await annul(change, total, reason, version)
    subject = Subject(f"hour-totals/{total_id}", annulled.version, total.county_terc)
    change.record("annul_hour_total", subject, "hour-total.annulled")
    return await queries.get_hour_total(change, total_id)
