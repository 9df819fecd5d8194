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
# No 423: requests are decided on while processing is restricted, or none would ever
# lift it.
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
    """What was asked of data about people, what is due first at the top."""
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
    """Ask for a copy of the data, to put them right, to restrict their processing, to
    erase them, or object (GDPR,
    arts. 15 to 21). The answer is due within a month.

    Guardians ask for their own child; coordinators note what came on paper.
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
    """Take two months more for the answer, with the reason that is told to whoever asked."""
    version = expected_version(if_match, request_id)
    return stored_answer(
        await actions.extend_request(
            change, request_id, version, body.reason, clock.now()
        )
    )


@router.post(
    "/{request_id}/fulfil",
    # A hold stops an erasure alone: legal claims need the records (GDPR, art.
    # 17(3)(e)).
    responses=answers(DataSubjectRequestRead, OwnDecision, LegalHoldPlaced, *_REFUSALS),
)
async def fulfil_request(
    caller: CanDecideRequests,
    change: Change,
    request_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Do what is asked. A restriction holds from now on; an erasure cannot be taken
    back, and takes another person
    than the one who noted the request. For the rest: it was done.
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
    """Refuse what is asked, with the reason that is told to whoever asked."""
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
    """Lift a restriction again: the data may be used and changed."""
    version = expected_version(if_match, request_id)
    return stored_answer(
        await actions.lift_restriction(change, request_id, version, clock.now())
    )


@router.get(
    # Under the request, not under the person: nobody has a copy without one.
    "/{request_id}/export",
    responses=answers(
        PersonExport, DataSubjectRequestNotFound, Erased, CopyNotReleased
    ),
)
async def export_person(
    caller: CanMakeRequests, reading: Audited, request_id: Id
) -> Answer:
    """A copy of everything that is kept of the person, from every table, with who
    looked at it and to whom it went.

    Whoever decides on the request sees it before; the family has it once the request is
    fulfilled. Names and
    accounts of others are left out. Files of documents are had one by one.
    """
    request = await queries.get_request(reading, request_id)
    # Before anything is gathered: a copy reads every table.
    queries.require_released(request, caller)
    export = await queries.get_export(reading, request.person_id, clock.now())
    subject = Subject(f"{_PATH}/{request_id}/export", county=request.county_terc)
    record_read(reading, "export_person", subject, [request.person_id], None)
    # No ETag: a copy is of its moment, which it states.
    return Answer(export.model_dump_json())
