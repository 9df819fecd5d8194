"""/data-subject-requests."""

from typing import Annotated

from fastapi import Query

from services.casework.data_subject_requests import actions, queries
from services.casework.data_subject_requests.schemas import (
    DataSubjectRequestCreate,
    DataSubjectRequestList,
    DataSubjectRequestRead,
    DataSubjectRequestSummary,
    PersonExport,
    Reasoned,
)
from services.casework.demands import CanDecideRequests, CanMakeRequests
from services.casework.laws.rules.values import LawNotKnown
from services.casework.problems import (
    CopyNotReleased,
    DataSubjectRequestNotFound,
    DoesNotActForChild,
    LegalHoldPlaced,
    OwnDecision,
    PersonNotFound,
    TooLateToExtend,
)
from services.casework.reads import Look, read_page, record_read
from services.chassis.data.effects import Subject
from services.chassis.ground import clock
from services.chassis.ground.problems import (
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.trust.vault import Erased
from services.chassis.web.answers import (
    Answer,
    Terms,
    created_answer,
    page_answer,
    stored_answer,
)
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Audited, Change

_PATH = "data-subject-requests"
_LOOK = Look("list_requests", _PATH, None, sealed="data_subject_requests")
# No 423: requests are decided even while processing is restricted. Otherwise a
# restriction could never be lifted.
_REFUSALS = (
    DataSubjectRequestNotFound,
    Erased,
    StateConflict,
    PreconditionRequired,
    VersionMismatch,
)
router = slice_router(prefix=f"/{_PATH}", tags=["privacy"])


@router.get("", responses=answers(Page[DataSubjectRequestSummary]))
async def list_requests(
    caller: CanMakeRequests,
    reading: Audited,
    terms: Terms,
    query: Annotated[DataSubjectRequestList, Query()],
) -> Answer:
    """Requests about people's data, those due first at the top."""
    listed = queries.list_requests(query, caller)
    return page_answer(await read_page(reading, terms, query, listed, _LOOK), terms)


@router.post(
    "",
    status_code=201,
    responses=answers(
        DataSubjectRequestRead,
        PersonNotFound,
        DoesNotActForChild,
        Erased,
        LawNotKnown,
        status=201,
    ),
)
async def make_request(
    caller: CanMakeRequests, change: Change, new: DataSubjectRequestCreate
) -> Answer:
    """Request a copy of the data, their rectification, the restriction of their
    processing or their erasure, or object (GDPR, arts. 15 to 21). The answer is due
    within a month.

    Guardians make requests for their own child; coordinators record requests on paper.
    """
    stored = await actions.make_request(change, new, clock.now())
    return created_answer(stored, f"/v1/casework/{_PATH}/{stored.key}")


@router.get(
    "/{request_id}",
    responses=answers(DataSubjectRequestRead, DataSubjectRequestNotFound, Erased),
)
async def get_request(
    caller: CanMakeRequests, reading: Audited, terms: Terms, request_id: Id
) -> Answer:
    """One request."""
    request = await queries.get_request(reading, request_id)
    subject = Subject(f"{_PATH}/{request_id}", county=request.county_terc)
    record_read(reading, "get_request", subject, [request.person_id], None)
    return stored_answer(await queries.get_shown(reading, request), terms)


@router.post(
    "/{request_id}/extend",
    responses=answers(DataSubjectRequestRead, TooLateToExtend, *_REFUSALS),
)
async def extend_request(
    caller: CanDecideRequests,
    change: Change,
    request_id: Id,
    # GDPR, art. 12(3): an extension gives its reasons.
    body: Reasoned,
    if_match: IfMatch = None,
) -> Answer:
    """Extend the time to answer by two months, with a reason for the person who asked."""
    version = expected_version(if_match, request_id)
    return stored_answer(
        await actions.extend_request(
            change, request_id, version, body.reason, clock.now()
        )
    )


@router.post(
    "/{request_id}/fulfil",
    # A hold prevents only an erasure: legal claims need the records (GDPR,
    # art. 17(3)(e)).
    responses=answers(DataSubjectRequestRead, OwnDecision, LegalHoldPlaced, *_REFUSALS),
)
async def fulfil_request(
    caller: CanDecideRequests,
    change: Change,
    request_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Fulfil a request. A restriction holds from now on. An erasure cannot be undone,
    and must not be decided by the person who recorded the request. Other kinds are
    marked as done.
    """
    version = expected_version(if_match, request_id)
    return stored_answer(
        await actions.fulfil_request(change, request_id, version, clock.now())
    )


@router.post(
    "/{request_id}/refuse", responses=answers(DataSubjectRequestRead, *_REFUSALS)
)
async def refuse_request(
    caller: CanDecideRequests,
    change: Change,
    request_id: Id,
    # GDPR, art. 12(4): a refusal gives its reasons.
    body: Reasoned,
    if_match: IfMatch = None,
) -> Answer:
    """Refuse a request, with a reason for the person who asked."""
    version = expected_version(if_match, request_id)
    return stored_answer(
        await actions.refuse_request(
            change, request_id, version, body.reason, clock.now()
        )
    )


@router.post(
    "/{request_id}/lift-restriction",
    responses=answers(DataSubjectRequestRead, PersonNotFound, *_REFUSALS),
)
async def lift_restriction(
    caller: CanDecideRequests,
    change: Change,
    request_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Lift a restriction: the data may be used and changed again."""
    version = expected_version(if_match, request_id)
    return stored_answer(
        await actions.lift_restriction(change, request_id, version, clock.now())
    )


@router.get(
    # Under the request, not under the person: there is no copy without a request.
    "/{request_id}/export",
    responses=answers(
        PersonExport, DataSubjectRequestNotFound, Erased, CopyNotReleased
    ),
)
async def export_person(
    caller: CanMakeRequests, reading: Audited, request_id: Id
) -> Answer:
    """A copy of all data kept about the person, from every table, with who accessed the
    data and to whom they were passed on.

    Callers who decide on the request can see it at any time, the family once the
    request is fulfilled. Names and accounts of others are left out. Files of documents
    are downloaded one by one.
    """
    request = await queries.get_request(reading, request_id)
    # Before anything is gathered: a copy reads every table.
    queries.require_released(request, caller)
    export = await queries.get_export(reading, request.person_id, clock.now())
    subject = Subject(f"{_PATH}/{request_id}/export", county=request.county_terc)
    record_read(reading, "export_person", subject, [request.person_id], None)
    # No ETag: every copy is new, and states its time.
    return Answer(export.model_dump_json())
