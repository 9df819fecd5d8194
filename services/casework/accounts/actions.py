"""Every change of an account."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.casework.accounts import queries
from services.casework.accounts.models import Account
from services.casework.accounts.schemas import ActsFor, OwnAccount
from services.casework.people.queries import lock_people
from services.casework.reads import Category, record_read
from services.chassis.data.effects import Subject
from services.chassis.data.relating import acting_everywhere, unrelate
from services.chassis.data.work import AuditedReading, Change, Stored, require_version
from services.chassis.ground.problems import StateConflict
from services.chassis.trust.relations import account_holder

GUARDIAN = "guardian"
"""The kind of the relation from an account to a person for whom it acts."""


ENDED_FOLLOWERS: list[Callable[[Change, str], Awaitable[None]]] = []
"""Functions that run when an account no longer leads to one of its records.

`guardianships` adds its own: that slice lies above, and must not be imported here.
"""


def _record(change: Change, action: str, account: Account, event: str) -> None:
    subject = Subject(f"accounts/{account.id}", account.version, account.county_terc)
    people = [str(account.person_id)]
    change.record(action, subject, f"account.{event}", people=people)


async def read_own_account(change: AuditedReading) -> OwnAccount:
    """The person to whom the caller's account belongs, and those for whom it acts now.
    The access is written to the audit log.
    """
    accounts = await queries.list_own(change)
    if not accounts:
        # No 404: the account has not been joined by a code yet. No data are shown, so
        # there is nothing to write to the audit log.
        return OwnAccount(person_id=None, joined_at=None, person_ids=[], acts_for=[])
    acting = await queries.list_acting_for(change, change.caller.subject)
    own = {account.county_terc: account for account in accounts}
    people_by_county = {county: {account.person_id} for county, account in own.items()}
    first = accounts[0]
    for each in acting:
        # A child may live in a county where its guardian has no record.
        people_by_county[
            each.county_terc if each.county_terc in own else first.county_terc
        ].add(each.person_id)
    for county, account in own.items():
        subject = Subject(f"accounts/{account.id}", county=county)
        record_read(
            change,
            "get_own_account",
            subject,
            people_by_county[county],
            Category.FAMILY,
        )
    return OwnAccount(
        person_id=first.person_id,
        joined_at=first.joined_at,
        person_ids=[account.person_id for account in accounts],
        acts_for=[
            ActsFor(person_id=each.person_id, ends_at=each.ends_at) for each in acting
        ],
    )


async def open_account(
    change: Change, person_id: UUID, county_terc: str, subject: str
) -> Account:
    """Join an account to a person whom the caller of this function has locked.

    The person's former account ends. Raises AccountAlreadyJoined.
    """
    await _end_accounts(change, person_id)
    statement = insert(Account).values(
        county_terc=county_terc,
        person_id=person_id,
        subject=subject,
        joined_at=func.now(),
    )
    row = await change.one(statement.returning(*queries.ACCOUNTS.c))
    account = Account(**row._mapping)
    _record(change, "join_account", account, "joined")
    return account


async def share_account(
    change: Change, person_id: UUID, other_id: UUID, county_terc: str
) -> None:
    """Join a person's account to their record in another county, too.

    Where that record has an account, it keeps its own.
    """
    if await queries.list_subjects(change, other_id):
        return
    for subject in await queries.list_subjects(change, person_id):
        await open_account(change, other_id, county_terc, subject)


async def _end_accounts(change: Change, person_id: UUID) -> None:
    """End all accounts of a person; what they reached by this record is out of their
    reach at once.
    """
    statement = (
        update(Account)
        .where(col(Account.person_id) == person_id, col(Account.ended_at).is_(None))
        .values(ended_at=func.now(), version=Account.version + 1, changed_at=func.now())
    )
    # The people for whom the account acts may live in other counties.
    async with acting_everywhere(change):
        for row in await change.rows(statement.returning(*queries.ACCOUNTS.c)):
            account = Account(**row._mapping)
            await unrelate(change, account_holder(account.subject), GUARDIAN)
            for follow in ENDED_FOLLOWERS:
                await follow(change, account.subject)
            _record(change, "end_account", account, "ended")


async def end_account(change: Change, account_id: UUID, version: int) -> Stored:
    """End an account within the caller's reach:
    from now on it gives no access to records.
    """
    # The person first, as when an account is joined: the other order could deadlock.
    account = await queries.find_account(change, account_id)
    await lock_people(change, [account.person_id])
    # Read again: it may have ended while this transaction waited
    # for the lock on the person.
    account = await queries.lock_account(change, account_id)
    require_version(account.version, version)
    if account.ended_at is not None:
        raise StateConflict(state="ended", allowed=[])
    await _end_accounts(change, account.person_id)
    return await queries.get_account(change, account_id)
