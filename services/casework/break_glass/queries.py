"""Every query on break-glass."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, literal, select

from services.casework.break_glass.models import BreakGlass
from services.casework.break_glass.rules import REVIEWED_WITHIN
from services.casework.break_glass.schemas import BreakGlassList, BreakGlassRead
from services.casework.people.queries import PEOPLE, get_key, lock_people, place_of
from services.casework.permissions import Permission
from services.casework.problems import BreakGlassNotFound, NobodyToOpen
from services.chassis.data.tables import AUDIT_RECORDS, rows_of
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller
from services.chassis.trust.vault import unseal
from services.chassis.web.filters import Filter, Filtered, by_key, filtered
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing

OPEN = "open_break_glass"
BREAK_GLASS = rows_of(BreakGlass)
_STORED = [name for name in BreakGlassRead.model_fields if name in BREAK_GLASS.c]
_LIST = Filtered(
    Listing(
        {name: BREAK_GLASS.c[name] for name in (*_STORED, "sealed")}
        # Computed from `opened_at`: no job has to mark overdue reviews.
        | {"review_due_at": BREAK_GLASS.c.opened_at + literal(REVIEWED_WITHIN)},
        {"opened_at": BREAK_GLASS.c.opened_at},
        "-opened_at",
        BREAK_GLASS.c.id,
    ),
    BREAK_GLASS,
    {"person_id": Filter(BREAK_GLASS.c.person_id)},
    county=BREAK_GLASS.c.county_terc,
)


def list_accesses(query: BreakGlassList, caller: Caller) -> Listed:
    """The accesses that a list shows, sealed as they are."""
    values = {"person_id": query.person_id}
    listed = filtered(_LIST, values, caller, Permission.REVIEW_BREAK_GLASS)
    if query.is_reviewed is None:
        return listed
    reviewed = BREAK_GLASS.c.reviewed_at.is_not(None)
    fits = reviewed if query.is_reviewed else ~reviewed
    return listed.where(fits)


def _select(access_id: UUID, caller: Caller) -> Rows:
    # By county, not by a relation: an emergency access does not give access
    # to its own review.
    county = BREAK_GLASS.c.county_terc
    reached = within(caller, Permission.REVIEW_BREAK_GLASS, county=county)
    statement: Rows = select(BREAK_GLASS)
    return statement.where(BREAK_GLASS.c.id == access_id, reached)


async def get_access(reading: Reading, access_id: UUID) -> BreakGlass:
    """One access to a child of the caller's counties."""
    query = by_key(_LIST, access_id, reading.caller, Permission.REVIEW_BREAK_GLASS)
    return await reading.instance(
        BreakGlass, query.statement, BreakGlassNotFound, query.values
    )


async def lock_access(change: Change, access_id: UUID) -> BreakGlass:
    """One access to a child of the caller's counties,
    locked until the transaction ends.
    """
    statement = _select(access_id, change.caller)
    await lock_people(change, statement.with_only_columns(BREAK_GLASS.c.person_id))
    locking = statement.with_for_update()
    return await change.instance(BreakGlass, locking, BreakGlassNotFound)


async def get_shown(reading: Reading, access: BreakGlass) -> Stored:
    """An access as it is shown, with its reason."""
    key = await get_key(reading, access.person_id)
    sealed = unseal(key, place_of("break_glass", access.id), access.sealed)
    facts = access.model_dump(include={*_STORED})
    due_at = access.opened_at + REVIEWED_WITHIN
    body = BreakGlassRead.model_validate(facts | sealed | {"review_due_at": due_at})
    return Stored(access.id, access.version, body.model_dump_json())


async def get_county_of(reading: Reading, person_id: UUID) -> str:
    """The county of a person whose records can be opened; NobodyToOpen for an unknown
    and for an erased person alike.
    """
    statement = select(PEOPLE.c.county_terc).where(
        PEOPLE.c.id == person_id, PEOPLE.c.erased_at.is_(None)
    )
    [county] = await reading.one(statement, NobodyToOpen)
    return str(county)


async def find_open(
    reading: Reading, person_id: UUID, subject: str, now: datetime
) -> BreakGlass | None:
    """The account's access to a child that has not ended. An erasure of the child ends
    it, too.
    """
    columns = BREAK_GLASS.c
    statement = select(BREAK_GLASS).join(PEOPLE, PEOPLE.c.id == columns.person_id)
    row = await reading.find(
        statement.where(
            columns.subject == subject,
            columns.person_id == person_id,
            columns.ends_at > now,
            PEOPLE.c.erased_at.is_(None),
        )
    )
    return None if row is None else BreakGlass(**row._mapping)


async def count_opened(reading: Reading, subject: str, since: datetime) -> int:
    """How many accesses an account has opened after `since`."""
    # Justified ones as well: the limit is no sanction.
    columns = BREAK_GLASS.c
    statement = select(func.count()).where(
        columns.subject == subject, columns.opened_at > since
    )
    return int(await reading.scalar(statement))


async def count_missed(reading: Reading, subject: str, since: datetime) -> int:
    """How often an account has asked after `since` for a person who does not exist."""
    # A miss rolls its transaction back and leaves only the audit record of the refusal.
    records = AUDIT_RECORDS.c
    statement = select(func.count()).where(
        records.actor == subject,
        records.recorded_at > since,
        records.action == OPEN,
        records.outcome == "missed",
    )
    return int(await reading.scalar(statement))


async def review_is_overdue(reading: Reading, subject: str, now: datetime) -> bool:
    """Whether an access of the account should have been reviewed by now."""
    columns = BREAK_GLASS.c
    statement = select(columns.id).where(
        columns.subject == subject,
        columns.reviewed_at.is_(None),
        columns.opened_at <= now - REVIEWED_WITHIN,
    )
    return await reading.find(statement.limit(1)) is not None
