"""Every query of imported sums."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import bindparam, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.trust.callers import Caller
from services.chassis.web.filters import Filter, Filtered, filtered
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.training.hour_totals.models import HourTotal
from services.training.hour_totals.schemas import HourTotalList, HourTotalRead
from services.training.permissions import Permission
from services.training.problems import HourTotalNotFound
from services.training.programmes.models import Programme

TOTALS = rows_of(HourTotal)
# Annulled sums are stored and shown, and count nowhere.
COUNTS = TOTALS.c.annulled_by.is_(None)
_PROGRAMMES = rows_of(Programme)
_WIRE = {name: TOTALS.c[name] for name in HourTotalRead.model_fields}
_FILTERS = ("programme_id", "year", "county_terc", "audience_role", "source")
_LIST = Filtered(
    Listing(
        _WIRE,
        {name: TOTALS.c[name] for name in ("year", "minutes", "changed_at")},
        "year",
        TOTALS.c.id,
    ),
    TOTALS,
    {name: Filter(TOTALS.c[name]) for name in _FILTERS},
    # For the filter by reach; sums are public to all who may read hours.
    county=TOTALS.c.county_terc,
)


def list_hour_totals(query: HourTotalList, caller: Caller) -> Listed:
    """The sums that a list or a file shows."""
    values = {name: getattr(query, name) for name in _FILTERS}
    listed = filtered(_LIST, values, caller, Permission.READ_HOURS)
    if query.is_annulled is None:
        return listed
    condition = ~COUNTS if query.is_annulled else COUNTS
    return listed.where(condition)


_ONE: Rows = select(*stored_columns(_WIRE, TOTALS.c.id, TOTALS.c.version)).where(
    TOTALS.c.id == bindparam("key")
)


async def get_hour_total(reading: Reading, total_id: UUID) -> Stored:
    """One sum."""
    return await reading.stored(_ONE, HourTotalNotFound, {"key": total_id})


async def list_known_counties(
    change: Change, source: str, external_ids: Collection[str]
) -> set[str | None]:
    """The counties of a source's stored sums, locked."""
    # Locked, so that no other import changes a county that is being checked.
    statement = select(TOTALS.c.county_terc).where(
        TOTALS.c.source == source, TOTALS.c.external_id.in_(external_ids)
    )
    rows = await change.scalars(statement.order_by(TOTALS.c.id).with_for_update())
    return {*rows}


async def list_known_programmes(
    reading: Reading, programme_ids: Collection[UUID]
) -> set[UUID]:
    """The given programme ids that exist."""
    statement = select(_PROGRAMMES.c.id).where(_PROGRAMMES.c.id.in_(programme_ids))
    return {*await reading.scalars(statement)}


async def lock_hour_total(change: Change, total_id: UUID) -> HourTotal:
    """One sum, locked until the transaction ends."""
    statement = select(TOTALS).where(TOTALS.c.id == total_id).with_for_update()
    return await change.instance(HourTotal, statement, HourTotalNotFound)


async def list_annulled(
    change: Change, source: str, external_ids: Collection[str]
) -> set[str]:
    """The external ids of a source's annulled sums."""
    statement = select(TOTALS.c.external_id).where(
        TOTALS.c.source == source, TOTALS.c.external_id.in_(external_ids), ~COUNTS
    )
    return {*await change.scalars(statement)}
