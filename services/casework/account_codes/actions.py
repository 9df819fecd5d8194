"""Codes that join an account to a person: issued, and used once."""

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.casework.account_codes import queries
from services.casework.account_codes.models import AccountCode
from services.casework.account_codes.rules import (
    ALPHABET,
    GROUPS,
    LETTERS_IN_GROUP,
    SECONDS_TO_WAIT,
    VALID_FOR,
    grouped,
    may_have_account,
    may_try,
    plain,
)
from services.casework.account_codes.schemas import AccountCodeIssued
from services.casework.accounts.actions import open_account, read_own_account
from services.casework.accounts.queries import list_own
from services.casework.accounts.schemas import OwnAccount
from services.casework.guardianships.actions import relate_guardian
from services.casework.guardianships.queries import somebody_is_acted_for
from services.casework.keys import keyring
from services.casework.people.queries import (
    KnownPerson,
    lock_person,
    lock_person_by_id,
    require_changeable,
)
from services.casework.permissions import Permission
from services.casework.problems import (
    AccountAlreadyJoined,
    AccountCodeRefused,
    AccountNotPossible,
    PersonNotFound,
    ProcessingRestricted,
)
from services.chassis.data.effects import Subject
from services.chassis.data.relating import acting_everywhere
from services.chassis.data.work import Change
from services.chassis.ground.clock import civil_date
from services.chassis.ground.problems import RateLimited, StateConflict
from services.chassis.trust.vault import Erased


def _digest(code: str) -> bytes:
    return keyring().digest("account-code", plain(code))


async def issue_account_code(
    change: Change, person_id: UUID, now: datetime
) -> AccountCodeIssued:
    """A new code for a guardian or a pupil, to be handed over in person.

    Codes issued earlier are withdrawn.
    """
    # Locked, so that of two codes issued at once the later one withdraws the other.
    record = await lock_person(change, person_id, Permission.ISSUE_ACCOUNT_CODES)
    person, today = record.person, civil_date(now)
    is_guardian = await somebody_is_acted_for(change, person_id, today)
    born_on = record.identity.born_on
    if not may_have_account(person.kind, born_on, today, is_guardian=is_guardian):
        raise AccountNotPossible()
    await _withdraw_codes(change, person_id)
    letters = [secrets.choice(ALPHABET) for _ in range(GROUPS * LETTERS_IN_GROUP)]
    code = grouped("".join(letters))
    statement = insert(AccountCode).values(
        county_terc=person.county_terc,
        person_id=person_id,
        # The code itself is not stored: somebody who reads the database cannot use it.
        digest=_digest(code),
        issued_by=change.caller.subject,
        expires_at=now + VALID_FOR,
    )
    row = await change.one(statement.returning(*queries.CODES.c))
    subject = Subject(f"account-codes/{row.id}", county=person.county_terc)
    people = [str(person_id)]
    event = "account-code.issued"
    change.record("issue_account_code", subject, event, people=people)
    return AccountCodeIssued(**row._mapping, code=code)


async def _withdraw_codes(change: Change, person_id: UUID) -> None:
    statement = (
        update(AccountCode)
        .where(
            col(AccountCode.person_id) == person_id,
            col(AccountCode.used_at).is_(None),
            col(AccountCode.withdrawn_at).is_(None),
        )
        .values(
            withdrawn_at=func.now(),
            version=AccountCode.version + 1,
            changed_at=func.now(),
        )
    )
    await change.execute(statement)


async def join_account(change: Change, code: str) -> OwnAccount:
    """Join the caller's account to the person for whom the code was issued.

    Raises AccountCodeRefused, with the same text, for a code that does not exist and
    for one that was used, replaced or has expired; RateLimited after several failures
    within an hour; AccountAlreadyJoined where the account is joined to somebody of the
    same county. The person's former account ends.
    """
    if not may_try(await queries.count_misses(change)):
        raise RateLimited(retry_after=SECONDS_TO_WAIT)
    own = {account.county_terc for account in await list_own(change)}
    # A caller who is a guardian has no county,
    # so row-level security would hide both rows.
    async with acting_everywhere(change):
        record = await _lock_owner(change, _digest(code))
        used = await queries.lock_code(change, _digest(code))
        county = record.person.county_terc
        if county in own:
            raise AccountAlreadyJoined()
        await change.execute(
            update(AccountCode)
            .where(col(AccountCode.id) == used.id)
            .values(
                used_at=func.now(),
                version=AccountCode.version + 1,
                changed_at=func.now(),
            )
        )
        await open_account(change, record.person.id, county, change.caller.subject)
    # Last, because relations are written for the accounts that are open now.
    await relate_guardian(change, record.person.id)
    return await read_own_account(change)


async def _lock_owner(change: Change, digest: bytes) -> KnownPerson:
    """The person for whom a code was issued. The person is locked before the code, in
    the same order as when the next code is issued.
    """
    person_id = await queries.find_person(change, digest)
    if person_id is None:
        raise AccountCodeRefused()
    try:
        return require_changeable(await lock_person_by_id(change, person_id))
    # Any other answer would reveal that the code is right.
    except (PersonNotFound, Erased, ProcessingRestricted, StateConflict):
        raise AccountCodeRefused() from None
