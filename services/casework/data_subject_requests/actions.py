"""Every change of a request."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.casework.data_subject_requests import queries
from services.casework.data_subject_requests.models import DataSubjectRequest
from services.casework.data_subject_requests.rules import (
    RequestKind,
    RequestState,
    RequestVerb,
    allowed_verbs,
)
from services.casework.data_subject_requests.schemas import DataSubjectRequestCreate
from services.casework.erasures.actions import Approval, erase_person
from services.casework.guardianships.queries import require_acting
from services.casework.laws.rules.days import answer_due_on
from services.casework.people.actions import record_change
from services.casework.people.models import Person
from services.casework.people.queries import (
    PEOPLE,
    KnownPerson,
    get_key,
    get_person,
    lock_people,
    place_of,
)
from services.casework.permissions import Permission
from services.casework.problems import OwnDecision, PersonNotFound, TooLateToExtend
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground import clock
from services.chassis.ground.problems import StateConflict, refuse
from services.chassis.trust.access import reaches
from services.chassis.trust.vault import seal, unseal

_EVENTS = {
    RequestVerb.EXTEND: ("extend_request", RequestState.EXTENDED),
    RequestVerb.FULFIL: ("fulfil_request", RequestState.FULFILLED),
    RequestVerb.REFUSE: ("refuse_request", RequestState.REFUSED),
}


def _record(
    change: Change, action: str, request: DataSubjectRequest, event: str
) -> None:
    path = f"data-subject-requests/{request.id}"
    subject = Subject(path, request.version, request.county_terc)
    people = [str(request.person_id)]
    event = f"data-subject-request.{event}"
    change.record(action, subject, event, people=people, kind=request.kind)


# Without `lock_person`: a request is recorded even while processing is restricted. A
# caller with reach by county records a letter; a guardian, who reaches the person by a
# relation, makes the request directly.
async def make_request(
    change: Change, new: DataSubjectRequestCreate, now: datetime
) -> Stored:
    """Record a request, due in a month. Without `received_on` it is received today."""
    permission = Permission.MAKE_REQUESTS
    await lock_people(change, [new.person_id])
    record = await get_person(change, new.person_id, permission)
    today = now.astimezone(clock.CIVIL_TIME).date()
    received_on = new.received_on or today
    await _require_asking(change, record, new, received_on, today)
    request_id: UUID = await change.scalar(func.uuidv7().select())
    place = place_of("data_subject_requests", request_id)
    values = {
        "id": request_id,
        "county_terc": record.person.county_terc,
        "person_id": new.person_id,
        "requested_by_id": new.requested_by_id,
        "kind": new.kind,
        "state": RequestState.RECEIVED,
        "received_on": received_on,
        "due_on": answer_due_on(received_on),
        "recorded_by": change.caller.subject,
        "sealed": seal(record.key, place, {"details": new.details}),
    }
    statement = (
        insert(DataSubjectRequest).values(**values).returning(*queries.REQUESTS.c)
    )
    request = DataSubjectRequest(**(await change.one(statement))._mapping)
    _record(change, "make_request", request, "received")
    return await queries.get_shown(change, request)


async def _require_asking(
    change: Change,
    record: KnownPerson,
    new: DataSubjectRequestCreate,
    received_on: date,
    today: date,
) -> None:
    """ValidationFailed or DoesNotActForChild unless the person who asks may do so, and
    the fields for letters are used only for letters.
    """
    permission, county = Permission.MAKE_REQUESTS, record.person.county_terc
    await require_acting(change, permission, new.person_id, county, today)
    wrong = [("received_on", "in_future")] if received_on > today else []
    if not reaches(change.caller, permission, county=county):
        own = ("received_on", "requested_by_id")
        wrong += [(name, "not_allowed") for name in own if getattr(new, name)]
    refuse(*wrong)
    asking_id = new.requested_by_id
    if asking_id and not await queries.asking_is_allowed(
        change, record, asking_id, received_on
    ):
        refuse(("requested_by_id", "may_not_act"))


async def _lock(
    change: Change, request_id: UUID, version: int, verb: RequestVerb
) -> DataSubjectRequest:
    request = await queries.lock_request(change, request_id)
    require_version(request.version, version)
    state = RequestState(request.state)
    if verb not in allowed_verbs(state):
        raise StateConflict(state=state.value, allowed=allowed_verbs(state))
    return request


async def _move(
    change: Change,
    request: DataSubjectRequest,
    verb: RequestVerb,
    reason: str | None,
    **values: Any,
) -> DataSubjectRequest:
    """Give a request the state that the verb leads to, and the reason in words."""
    action, state = _EVENTS[verb]
    values |= {"state": state, "decided_by": change.caller.subject}
    if reason is not None:
        key = await get_key(change, request.person_id)
        place = place_of("data_subject_requests", request.id)
        # Sealed together with the request: no event
        # and no audit record contains the text.
        words = unseal(key, place, request.sealed) | {"reason": reason}
        values["sealed"] = seal(key, place, words)
    after = await _update(change, request.id, **values)
    _record(change, action, after, state)
    return after


async def _update(
    change: Change, request_id: UUID, **values: Any
) -> DataSubjectRequest:
    statement = (
        update(DataSubjectRequest)
        .where(col(DataSubjectRequest.id) == request_id)
        .values(**values, version=DataSubjectRequest.version + 1, changed_at=func.now())
        .returning(*queries.REQUESTS.c)
    )
    return DataSubjectRequest(**(await change.one(statement))._mapping)


async def extend_request(
    change: Change, request_id: UUID, version: int, reason: str, now: datetime
) -> Stored:
    """Extend the time to answer by two months, with a reason, before the first month is
    over (GDPR, art. 12(3)).
    """
    request = await _lock(change, request_id, version, RequestVerb.EXTEND)
    if now.astimezone(clock.CIVIL_TIME).date() > request.due_on:
        raise TooLateToExtend()
    # Counted from the receipt: the two months are added to the first one.
    due_on = answer_due_on(request.received_on, is_extended=True)
    after = await _move(change, request, RequestVerb.EXTEND, reason, due_on=due_on)
    return await queries.get_shown(change, after)


async def refuse_request(
    change: Change, request_id: UUID, version: int, reason: str, now: datetime
) -> Stored:
    """Refuse a request, with a reason."""
    request = await _lock(change, request_id, version, RequestVerb.REFUSE)
    ended_on = now.astimezone(clock.CIVIL_TIME).date()
    after = await _move(change, request, RequestVerb.REFUSE, reason, ended_on=ended_on)
    return await queries.get_shown(change, after)


async def fulfil_request(
    change: Change, request_id: UUID, version: int, now: datetime
) -> Stored:
    """Fulfil a request: release the copy, restrict the processing or erase the person;
    for other kinds record that it was done.

    An erasure takes two people: OwnDecision for the caller who recorded the request.
    """
    request = await _lock(change, request_id, version, RequestVerb.FULFIL)
    ended_on = now.astimezone(clock.CIVIL_TIME).date()
    after = await _move(change, request, RequestVerb.FULFIL, None, ended_on=ended_on)
    if request.kind == RequestKind.RESTRICTION:
        await _restrict(change, request.person_id, now)
    if request.kind == RequestKind.ERASURE:
        caller = change.caller.subject
        # The change of state is written already, and raising rolls it back.
        if request.recorded_by == caller:
            raise OwnDecision()
        approval = Approval("GDPR art. 17", caller, now)
        await erase_person(change, request.person_id, approval)
        # The text of the request is gone with the key.
        return await queries.get_decided(change, after)
    return await queries.get_shown(change, after)


async def _restrict(change: Change, person_id: UUID, at: datetime | None) -> None:
    """Restrict the processing of a person's data from `at` on;
    None lifts the restriction.
    """
    statement = (
        update(Person)
        .where(col(Person.id) == person_id, col(Person.erased_at).is_(None))
        .values(restricted_at=at, version=Person.version + 1, changed_at=func.now())
        .returning(*PEOPLE.c)
    )
    person = await change.instance(Person, statement, PersonNotFound)
    action, event = (
        ("lift_restriction", "unrestricted")
        if at is None
        else ("restrict_processing", "restricted")
    )
    record_change(change, action, person, event)


async def lift_restriction(
    change: Change, request_id: UUID, version: int, now: datetime
) -> Stored:
    """Lift the restriction that a request led to:
    the data may be used and changed again.
    """
    request = await queries.lock_request(change, request_id)
    require_version(request.version, version)
    # Not a verb of the request: it stays fulfilled, and only the restriction ends.
    is_restricting = request.kind == RequestKind.RESTRICTION
    if not is_restricting or request.state != RequestState.FULFILLED:
        state = RequestState(request.state)
        raise StateConflict(state=state.value, allowed=allowed_verbs(state))
    if request.lifted_at is not None:
        raise StateConflict(state="lifted", allowed=[])
    await _restrict(change, request.person_id, None)
    after = await _update(change, request_id, lifted_at=now)
    _record(change, "lift_restriction", after, "lifted")
    return await queries.get_shown(change, after)
