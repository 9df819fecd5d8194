"""Every change of registrations, under the lock of the conference."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, insert, update

from services.chassis.data.effects import Subject
from services.chassis.data.relating import acting_everywhere
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import (
    FieldError,
    StateConflict,
    UnknownReference,
    refuse,
)
from services.chassis.trust.access import demand
from services.training.conference_registrations import queries, rules, statements
from services.training.conference_registrations.models import ConferenceRegistration
from services.training.conference_registrations.queries import REGISTRATIONS
from services.training.conference_registrations.rules import (
    Registrant,
    RegistrationState,
)
from services.training.conference_registrations.schemas import (
    PersonRegistration,
    RegistrationCreate,
)
from services.training.conferences.actions import change_conference, lock_for
from services.training.conferences.models import Conference
from services.training.conferences.queries import get_conference, lock_conference
from services.training.conferences.rules import ConferenceState
from services.training.permissions import Permission
from services.training.problems import RegistrationClosed

_RECORD = Permission.RECORD_REGISTRATIONS


def _record(
    change: Change, action: str, registration: ConferenceRegistration, **detail: Any
) -> None:
    path = f"conference-registrations/{registration.id}"
    subject = Subject(path, registration.version, registration.county_terc)
    event = f"conference-registration.{registration.state}"
    # Ids alone: the name is only in the registration, where a withdrawal clears it.
    conference = str(registration.conference_id)
    change.record(action, subject, event, conference_id=conference, **detail)


async def register_oneself(
    change: Change, conference_id: UUID, new: RegistrationCreate, now: datetime
) -> Stored:
    """Register the caller: with a place if one is free, otherwise on the waiting list.

    RegistrationClosed outside the conference's registration times.
    """
    # People of any county may register.
    async with acting_everywhere(change):
        account = change.caller.subject
        return await _register(change, conference_id, new, account, now)


async def register_person(
    change: Change, new: PersonRegistration, now: datetime
) -> Stored:
    """Register a person without an account, of one of the caller's counties."""
    demand(change.caller, _RECORD, county=new.county_terc)
    # Places are counted over all counties, not only over those within reach.
    async with acting_everywhere(change):
        return await _register(change, new.conference_id, new, None, now)


async def _register(
    change: Change,
    conference_id: UUID,
    new: RegistrationCreate,
    account: str | None,
    now: datetime,
) -> Stored:
    conference = await lock_for(change, conference_id, "register")
    opens, closes = conference.registration_opens_at, conference.registration_closes_at
    if not rules.is_within(opens, closes, now):
        raise RegistrationClosed(
            registration_opens_at=opens.isoformat(),
            registration_closes_at=closes.isoformat(),
        )
    registrant = await _registrant(change, conference, new)
    is_open = conference.is_open_to_outsiders
    refuse(*rules.unfit(registrant, conference.audience, is_open_to_outsiders=is_open))
    values = new.model_dump(exclude={"conference_id"}) | {
        "conference_id": conference_id,
        "account": account,
        "state": rules.place(conference.capacity, conference.registered),
    }
    statement = insert(ConferenceRegistration).values(**values)
    row = await change.one(statement.returning(*REGISTRATIONS.c))
    registration = ConferenceRegistration(**row._mapping)
    await _count_places(change, conference_id)
    _record(change, "register_for_conference", registration)
    return await queries.get_stored(change, registration.id)


async def _registrant(
    change: Change, conference: Conference, new: RegistrationCreate
) -> Registrant:
    if new.authority_id is None:
        return Registrant(new.audience, None, is_recruited=False)
    authority = await queries.find_authority(change, new.authority_id)
    if authority is None:
        raise UnknownReference(FieldError("pointer", "/authority_id", "not_found"))
    programme_id, state, county = authority
    if county != new.county_terc:
        refuse(("county_terc", "contradicts"))
    # An authority that has left the programme counts as an outsider.
    is_recruited = programme_id == conference.programme_id and state != "withdrawn"
    return Registrant(new.audience, new.authority_id, is_recruited)


async def _count_places(change: Change, conference_id: UUID) -> None:
    """Update the numbers of registered and waiting people of a locked conference."""
    # Counted anew and not incremented: the numbers always match the rows.
    await change.execute(statements.COUNT_PLACES, {"conference_id": conference_id})


async def _move(
    change: Change, which: ColumnElement[bool], action: str, **values: Any
) -> None:
    statement = update(ConferenceRegistration).where(which)
    statement = statement.values(
        **values, version=ConferenceRegistration.version + 1, changed_at=func.now()
    )
    rows = await change.rows(statement.returning(*REGISTRATIONS.c))
    registrations = [ConferenceRegistration(**row._mapping) for row in rows]
    # UPDATE returns rows in any order; events follow the waiting list's order.
    for registration in sorted(registrations, key=lambda each: each.sequence):
        _record(change, action, registration)


async def _fill_places(change: Change, conference_id: UUID) -> None:
    """Move as many people up from the waiting list as places are free, in the same
    transaction that freed them.
    """
    await _count_places(change, conference_id)
    conference = await lock_conference(change, conference_id)
    free = conference.capacity - conference.registered
    if free > 0 and conference.waiting:
        first = queries.next_in_line(conference_id, free)
        await _move(change, first, "move_up", state=RegistrationState.REGISTERED)
        await _count_places(change, conference_id)


async def withdraw_person(
    change: Change, registration_id: UUID, version: int
) -> Stored:
    """Withdraw a registration of one of the caller's counties."""
    # The caller's reach is checked first; the block below reaches everywhere.
    registration = await queries.get_registration(change, registration_id, _RECORD)
    async with acting_everywhere(change):
        return await withdraw(change, registration, version)


async def withdraw(
    change: Change, snapshot: ConferenceRegistration, version: int
) -> Stored:
    """Withdraw a registration that was read within the caller's reach.

    The place goes to the person who waits longest. With every county within reach.
    """
    # The conference before the person: one lock order prevents deadlocks.
    await lock_for(change, snapshot.conference_id, "register")
    registration = await queries.lock_registration(change, snapshot.id)
    require_version(registration.version, version)
    withdrawn = RegistrationState.WITHDRAWN
    if registration.state == withdrawn:
        raise StateConflict(state=withdrawn, allowed=())
    # A recorded attendance cannot be withdrawn: it has to be corrected.
    if registration.has_attended is not None:
        state = "attended" if registration.has_attended else "absent"
        raise StateConflict(state=state, allowed=["correct-attendance"])
    which = REGISTRATIONS.c.id == registration.id
    await _move(change, which, "withdraw_from_conference", state=withdrawn, name=None)
    await _fill_places(change, snapshot.conference_id)
    return await queries.get_stored(change, registration.id)


async def forget_registrant(change: Change, account: str, nobody: str) -> list[UUID]:
    """Erase the person from an account's registrations; the ids of these.

    `nobody` replaces the name. With every county within reach.
    """
    erased_ids = list[UUID]()
    is_gone = REGISTRATIONS.c.state == RegistrationState.WITHDRAWN
    for conference_id in await queries.list_conferences_of(change, account):
        conference = await lock_conference(change, conference_id)
        mine = (REGISTRATIONS.c.conference_id == conference_id) & (
            REGISTRATIONS.c.account == account
        )
        # A place at a coming conference goes to the person who waits longest.
        if conference.state == ConferenceState.OPEN:
            leaving = mine & ~is_gone & REGISTRATIONS.c.has_attended.is_(None)
            withdrawn, action = RegistrationState.WITHDRAWN, "withdraw_from_conference"
            await _move(change, leaving, action, state=withdrawn, name=None)
            await _fill_places(change, conference_id)
        # Rows stay, for the counts, without name, organisation and account.
        statement = update(ConferenceRegistration).where(mine)
        name = case((is_gone, None), else_=nobody)
        values = {"name": name, "organisation": nobody, "account": None}
        # A new version, or a cache that compares ETags keeps the name.
        stamp = {
            "version": ConferenceRegistration.version + 1,
            "changed_at": func.now(),
        }
        statement = statement.values(**values, **stamp)
        erased_ids += await change.scalars(statement.returning(REGISTRATIONS.c.id))
    return erased_ids


async def resize_conference(
    change: Change, conference_id: UUID, capacity: int, version: int
) -> Stored:
    """Change the number of places, to no fewer than are taken already."""
    conference = await lock_for(change, conference_id, "resize", version)
    if capacity < conference.registered:
        refuse(("capacity", "too_small"), registered=conference.registered)
    if capacity == conference.capacity:
        return await get_conference(change, conference_id)
    await change_conference(
        change, conference_id, "resize_conference", "resized", capacity=capacity
    )
    # Only an open conference has a waiting list.
    if conference.state == ConferenceState.OPEN:
        async with acting_everywhere(change):
            await _fill_places(change, conference_id)
    return await get_conference(change, conference_id)
