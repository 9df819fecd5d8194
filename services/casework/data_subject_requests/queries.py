"""Every query on the requests."""

from datetime import date, datetime
from uuid import UUID

from pydantic_core import from_json, to_json
from sqlalchemy import ColumnElement, or_, select

from services.casework.access_log.queries import list_all_entries
from services.casework.data_subject_requests.models import DataSubjectRequest
from services.casework.data_subject_requests.rules import (
    RequestKind,
    RequestState,
    address_of,
    allowed_verbs,
)
from services.casework.data_subject_requests.schemas import (
    DataSubjectRequestList,
    DataSubjectRequestRead,
    DataSubjectRequestSummary,
    PersonExport,
    RecordMention,
)
from services.casework.guardianships.queries import person_is_entitled
from services.casework.laws.rules.days import is_of_age
from services.casework.people.queries import (
    PEOPLE,
    KnownPerson,
    get_key,
    get_keys,
    lock_people,
    place_of,
)
from services.casework.permissions import Permission
from services.casework.person_records.queries import list_mentions, list_records
from services.casework.person_records.rules import LEFT_OUT
from services.casework.problems import CopyNotReleased, DataSubjectRequestNotFound
from services.chassis.data.relating import acting_everywhere
from services.chassis.data.tables import rows_of
from services.chassis.data.work import AuditedReading, Change, Reading, Rows, Stored
from services.chassis.trust.access import reaches, within
from services.chassis.trust.callers import Caller
from services.chassis.trust.vault import unseal
from services.chassis.web.filters import Filter, Filtered, by_key, filtered
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing

REQUESTS = rows_of(DataSubjectRequest)
# Guardians, but no teams: requests are for the people who decide on them.
_RELATED = {"guardian": REQUESTS.c.person_id}
_STORED = [
    name for name in DataSubjectRequestSummary.model_fields if name in REQUESTS.c
]
_LIST = Filtered(
    Listing(
        {name: REQUESTS.c[name] for name in (*_STORED, "sealed")},
        {"due_on": REQUESTS.c.due_on, "received_on": REQUESTS.c.received_on},
        "due_on",
        REQUESTS.c.id,
    ),
    REQUESTS,
    {
        **{name: Filter(REQUESTS.c[name]) for name in ("person_id", "kind", "state")},
        "due_to": Filter(REQUESTS.c.due_on, "to"),
    },
    county=REQUESTS.c.county_terc,
    objects=_RELATED,
)


def list_requests(query: DataSubjectRequestList, caller: Caller) -> Listed:
    """The requests that a list shows, sealed as they are."""
    values = {name: getattr(query, name) for name in _LIST.filters}
    return filtered(_LIST, values, caller, Permission.MAKE_REQUESTS)


def _reach(caller: Caller, permission: Permission) -> ColumnElement[bool]:
    return within(caller, permission, county=REQUESTS.c.county_terc, objects=_RELATED)


def _select(request_id: UUID, caller: Caller, permission: Permission) -> Rows:
    statement: Rows = select(REQUESTS)
    return statement.where(REQUESTS.c.id == request_id, _reach(caller, permission))


async def get_request(reading: Reading, request_id: UUID) -> DataSubjectRequest:
    """One request within the caller's reach."""
    query = by_key(_LIST, request_id, reading.caller, Permission.MAKE_REQUESTS)
    missing = DataSubjectRequestNotFound
    return await reading.instance(
        DataSubjectRequest, query.statement, missing, query.values
    )


async def lock_request(change: Change, request_id: UUID) -> DataSubjectRequest:
    """One request that the caller decides on, locked until the transaction ends."""
    statement = _select(request_id, change.caller, Permission.DECIDE_REQUESTS)
    person_ids = statement.with_only_columns(REQUESTS.c.person_id)
    # With the records merged into theirs, because an erasure covers all of them.
    records = or_(PEOPLE.c.id.in_(person_ids), PEOPLE.c.merged_into.in_(person_ids))
    await lock_people(change, select(PEOPLE.c.id).where(records))
    missing = DataSubjectRequestNotFound
    locking = statement.with_for_update()
    return await change.instance(DataSubjectRequest, locking, missing)


async def get_shown(reading: Reading, request: DataSubjectRequest) -> Stored:
    """A request as it is shown, with its text; Erased where the person was erased."""
    # Called only for its Erased: `get_decided` shows the rest without raising.
    await get_key(reading, request.person_id)
    return await get_decided(reading, request)


async def get_decided(reading: Reading, request: DataSubjectRequest) -> Stored:
    """A request as it is shown to the person who decided it: after an erasure without
    its text.
    """
    key = (await get_keys(reading, [request.person_id])).get(request.person_id)
    place = place_of("data_subject_requests", request.id)
    sealed = {} if key is None else unseal(key, place, request.sealed)
    kind = RequestKind(request.kind)
    state = RequestState(request.state)
    body = DataSubjectRequestRead(
        **request.model_dump(include={*_STORED}),
        **sealed,
        allowed=allowed_verbs(state),
        href=address_of(kind, request.id, request.person_id),
    )
    return Stored(request.id, request.version, body.model_dump_json())


async def asking_is_allowed(
    reading: Reading, record: KnownPerson, asking_id: UUID, day: date
) -> bool:
    """Whether somebody may make a request about a person's data on a day: they act for
    the child, or are that person and of age.
    """
    if asking_id != record.person.id:
        return await person_is_entitled(reading, record.person.id, asking_id, day)
    return is_of_age(record.identity.born_on, day)


def require_released(request: DataSubjectRequest, caller: Caller) -> None:
    """CopyNotReleased unless the request is for a copy, and it is fulfilled or the
    caller decides on it.
    """
    decides = reaches(caller, Permission.DECIDE_REQUESTS, county=request.county_terc)
    is_released = decides or request.state == RequestState.FULFILLED
    if request.kind != RequestKind.ACCESS or not is_released:
        # 409 and not 404: the caller may see the request.
        raise CopyNotReleased(kind=request.kind, state=request.state)


async def get_export(
    change: AuditedReading, person_id: UUID, now: datetime
) -> PersonExport:
    """All data kept about a person, from all tables and counties; Erased."""
    # Rows that mention the person may belong to other counties.
    async with acting_everywhere(change):
        key = await get_key(change, person_id)
        records = await list_records(change, person_id, key)
        mentions = await list_mentions(change, person_id)
        accesses = await list_all_entries(change, person_id, now)
    return PersonExport(
        person_id=person_id,
        made_at=now,
        # Days, ids and numbers of the tables converted to their JSON form.
        records=from_json(to_json(records)),
        counts={table: len(rows) for table, rows in records.items()},
        mentions=[RecordMention(**mention._asdict()) for mention in mentions],
        accesses=accesses,
        # Names of whole tables, the same for everybody: it does not reveal whether the
        # person has rows in them.
        left_out=LEFT_OUT,
    )
