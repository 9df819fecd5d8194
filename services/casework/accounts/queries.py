"""Every query on accounts."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from services.casework.accounts.models import Account
from services.casework.accounts.schemas import AccountList, AccountRead
from services.casework.permissions import Permission
from services.casework.problems import AccountNotFound
from services.chassis.data.relating import acting_everywhere
from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import AuditedReading, Change, Reading, Rows, Stored
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller
from services.chassis.trust.relations import RELATIONS, account_holder, holding_now
from services.chassis.web.filters import Filter, Filtered, by_key, filtered
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing

ACCOUNTS = rows_of(Account)
_WIRE = {name: ACCOUNTS.c[name] for name in AccountRead.model_fields}
STORED = stored_columns(_WIRE, ACCOUNTS.c.id, ACCOUNTS.c.version)
_LIST = Filtered(
    Listing(_WIRE, {"joined_at": ACCOUNTS.c.joined_at}, "-joined_at", ACCOUNTS.c.id),
    ACCOUNTS,
    {
        "person_id": Filter(ACCOUNTS.c.person_id),
        "is_ended": Filter(ACCOUNTS.c.ended_at.is_not(None)),
    },
    county=ACCOUNTS.c.county_terc,
)


def list_accounts(query: AccountList, caller: Caller) -> Listed:
    """The accounts of people within the caller's reach."""
    values = {name: getattr(query, name) for name in _LIST.filters}
    return filtered(_LIST, values, caller, Permission.ISSUE_ACCOUNT_CODES)


def _of_id(account_id: UUID, caller: Caller) -> Rows:
    # The permission to issue codes covers accounts, too: they have no permission of
    # their own.
    permission, county = Permission.ISSUE_ACCOUNT_CODES, ACCOUNTS.c.county_terc
    reached = within(caller, permission, county=county)
    statement: Rows = select(ACCOUNTS).where(ACCOUNTS.c.id == account_id, reached)
    return statement


async def get_account(reading: Reading, account_id: UUID) -> Stored:
    """One account within the caller's reach; AccountNotFound."""
    permission = Permission.ISSUE_ACCOUNT_CODES
    query = by_key(_LIST, account_id, reading.caller, permission, STORED)
    return await reading.stored(query.statement, AccountNotFound, query.values)


async def find_account(reading: Reading, account_id: UUID) -> Account:
    """The row of one account; AccountNotFound."""
    statement = _of_id(account_id, reading.caller)
    return await reading.instance(Account, statement, AccountNotFound)


async def lock_account(change: Change, account_id: UUID) -> Account:
    """One account, locked until the transaction ends; AccountNotFound."""
    statement = _of_id(account_id, change.caller).with_for_update()
    return await change.instance(Account, statement, AccountNotFound)


async def list_subjects(reading: Reading, person_id: UUID) -> list[str]:
    """The subjects (names at the identity provider) of a person's accounts that have
    not ended.
    """
    # Several where two records have become one.
    statement = select(ACCOUNTS.c.subject).where(
        ACCOUNTS.c.person_id == person_id, ACCOUNTS.c.ended_at.is_(None)
    )
    return [*await reading.scalars(statement)]


def _running(subject: str) -> Rows:
    statement: Rows = select(ACCOUNTS).where(
        ACCOUNTS.c.subject == subject, ACCOUNTS.c.ended_at.is_(None)
    )
    return statement.order_by(ACCOUNTS.c.joined_at, ACCOUNTS.c.id)


async def list_own(change: AuditedReading) -> list[Account]:
    """The caller's own account: one row for each record to which a code has joined it.

    A caller who is a guardian has no county, so row-level security would hide the rows.
    """
    async with acting_everywhere(change):
        rows = await change.rows(_running(change.caller.subject))
    return [Account(**row._mapping) for row in rows]


async def list_people(reading: Reading, subject: str) -> list[UUID]:
    """The records to which an account is joined now, at most one of each county."""
    statement = _running(subject).with_only_columns(ACCOUNTS.c.person_id)
    return [*await reading.scalars(statement)]


async def find_in_county(
    reading: Reading, person_id: UUID, county_terc: str
) -> UUID | None:
    """The record in a county to which somebody's account is joined as well."""
    subjects = await list_subjects(reading, person_id)
    statement = select(ACCOUNTS.c.person_id).where(
        ACCOUNTS.c.subject.in_(subjects),
        ACCOUNTS.c.county_terc == county_terc,
        ACCOUNTS.c.ended_at.is_(None),
    )
    record_id: UUID | None = await reading.scalar(statement.limit(1))
    return record_id


class Acting(NamedTuple):
    """A person for whom an account acts, until when, and in which county."""

    person_id: UUID
    ends_at: datetime | None
    county_terc: str


async def list_acting_for(reading: Reading, subject: str) -> list[Acting]:
    """The people for whom an account acts now."""
    # From the relations, not the guardianships:
    # the caller's reach is computed from them.
    columns = RELATIONS.c
    statement = select(columns.object_id, columns.ends_at, columns.county_terc).where(
        RELATIONS.c.holder == account_holder(subject),
        RELATIONS.c.kind == "guardian",
        *holding_now(),
    )
    rows = await reading.rows(statement.order_by(RELATIONS.c.object_id))
    return [Acting(*row) for row in rows]
