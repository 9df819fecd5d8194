"""Every query on the legal holds."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from services.casework.legal_holds.models import LegalHold
from services.casework.legal_holds.schemas import LegalHoldList, LegalHoldRead
from services.casework.people.queries import get_key, lock_people, place_of
from services.casework.permissions import Permission
from services.casework.problems import LegalHoldNotFound, LegalHoldPlaced
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Change, Reading, Stored
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller
from services.chassis.trust.vault import unseal
from services.chassis.web.filters import Filter, Filtered, by_key, filtered
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing

HOLDS = rows_of(LegalHold)
# The reason has no column of its own: it is opened from `sealed`.
_STORED = [name for name in LegalHoldRead.model_fields if name in HOLDS.c]
_LIST = Filtered(
    Listing(
        {name: HOLDS.c[name] for name in (*_STORED, "sealed")},
        {"created_at": HOLDS.c.created_at},
        "-created_at",
        HOLDS.c.id,
    ),
    HOLDS,
    {"person_id": Filter(HOLDS.c.person_id)},
    county=HOLDS.c.county_terc,
)


def list_holds(query: LegalHoldList, caller: Caller) -> Listed:
    """The holds that a list shows, sealed as they are."""
    values = {"person_id": query.person_id}
    listed = filtered(_LIST, values, caller, Permission.RETAIN)
    # Filters compare a column with a value; this condition tests for NULL.
    if query.is_released is None:
        return listed
    released = HOLDS.c.released_at.is_not(None)
    fits = released if query.is_released else ~released
    return listed.where(fits)


async def get_hold(reading: Reading, hold_id: UUID) -> LegalHold:
    """One hold of the caller's counties."""
    query = by_key(_LIST, hold_id, reading.caller, Permission.RETAIN)
    missing = LegalHoldNotFound
    return await reading.instance(LegalHold, query.statement, missing, query.values)


async def lock_hold(change: Change, hold_id: UUID) -> LegalHold:
    """One hold of the caller's counties, locked until the transaction ends."""
    county = HOLDS.c.county_terc
    statement = select(HOLDS).where(
        HOLDS.c.id == hold_id, within(change.caller, Permission.RETAIN, county=county)
    )
    await lock_people(change, statement.with_only_columns(HOLDS.c.person_id))
    return await change.instance(
        LegalHold, statement.with_for_update(), LegalHoldNotFound
    )


async def get_shown(reading: Reading, hold: LegalHold) -> Stored:
    """A hold as it is shown, with its reason."""
    key = await get_key(reading, hold.person_id)
    sealed = unseal(key, place_of("legal_holds", hold.id), hold.sealed)
    body = LegalHoldRead.model_validate(hold.model_dump(include={*_STORED}) | sealed)
    return Stored(hold.id, hold.version, body.model_dump_json())


async def require_no_hold(reading: Reading, people: Iterable[UUID]) -> None:
    """LegalHoldPlaced while any of these people has a hold that is not released."""
    # Of any county: an erasure acts in all counties,
    # and a hold in any of them prevents it.
    statement = select(HOLDS.c.id).where(
        HOLDS.c.person_id.in_([*people]), HOLDS.c.released_at.is_(None)
    )
    if await reading.find(statement.limit(1)) is not None:
        raise LegalHoldPlaced()
