"""/check-ins and /authorities/{id}/check-ins."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis.ground import clock
from services.chassis.ground.problems import (
    NotAcceptable,
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.transfer.exports import files, list_answer
from services.chassis.web.answers import Answer, created_answer, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.training.authorities.queries import get_worked
from services.training.check_ins import actions, queries
from services.training.check_ins.schemas import (
    CheckInBegin,
    CheckInEntry,
    CheckInList,
    CheckInRead,
    CheckInSchedule,
    CheckInWrite,
)
from services.training.demands import (
    CanDecideCheckIns,
    CanReadAuthorityWork,
    CanWriteAuthorityWork,
)
from services.training.diagnoses.schemas import WorkReturn
from services.training.permissions import Permission
from services.training.problems import (
    AuthorityNotFound,
    CheckInAlreadyBegun,
    CheckInNotFound,
    CheckInTooEarly,
    SubmitterDecides,
)

router = slice_router(prefix="", tags=["check-ins"])
_OF = "/authorities/{authority_id}/check-ins"
_ONE = _OF + "/{check_in_id}"
_CHANGE = (
    AuthorityNotFound,
    CheckInNotFound,
    StateConflict,
    PreconditionRequired,
    VersionMismatch,
)


@router.get(
    "/check-ins",
    responses=answers(
        Page[CheckInEntry], NotAcceptable, files=files("csv", "xlsx", "ndjson")
    ),
)
async def list_check_ins(
    caller: CanReadAuthorityWork,
    reading: Reading,
    request: Request,
    query: Annotated[CheckInList, Query()],
) -> Response:
    """Check-ins of all authorities within reach, by the day on which they are due."""
    # The civil day is a parameter, since check-ins become late at midnight.
    listed = queries.list_check_ins(caller, query, clock.today())
    return await list_answer(request, reading, query, listed)


@router.get(_OF, responses=answers(CheckInSchedule, AuthorityNotFound))
async def get_check_in_schedule(
    caller: CanReadAuthorityWork, reading: Reading, authority_id: Id
) -> Answer:
    """The twelve monthly and two yearly check-ins of an authority, begun or not.

    Empty until its plan is being implemented, when its windows begin.
    """
    permission = Permission.READ_AUTHORITY_WORK
    authority = await get_worked(reading, authority_id, permission)
    schedule = await queries.get_schedule(reading, authority, clock.today())
    return Answer(schedule.model_dump_json(), headers={"cache-control": "no-cache"})


@router.post(
    _OF,
    status_code=201,
    responses=answers(
        CheckInRead,
        AuthorityNotFound,
        StateConflict,
        CheckInAlreadyBegun,
        CheckInTooEarly,
        status=201,
    ),
)
async def begin_check_in(
    caller: CanWriteAuthorityWork, change: Change, authority_id: Id, new: CheckInBegin
) -> Answer:
    """Begin a check-in. Its period and last day follow from the authority's window."""
    # The instant, as in all actions of check-ins; the action takes the day from it.
    check_in = await actions.begin_check_in(change, authority_id, new, clock.now())
    path = f"/v1/training/authorities/{authority_id}/check-ins/{check_in.key}"
    return created_answer(check_in, path)


@router.get(_ONE, responses=answers(CheckInRead, CheckInNotFound))
async def get_check_in(
    caller: CanReadAuthorityWork, reading: Reading, authority_id: Id, check_in_id: Id
) -> Answer:
    """One check-in with its content."""
    today = clock.today()
    # Without `Terms` there is no 304: a check-in becomes late without a new version.
    return stored_answer(
        await queries.get_check_in(reading, authority_id, check_in_id, today)
    )


# PUT and no patch: a report is sent whole, so that no old figure stays by oversight.
@router.put(_ONE, responses=answers(CheckInRead, *_CHANGE))
async def revise_check_in(
    caller: CanWriteAuthorityWork,
    change: Change,
    authority_id: Id,
    check_in_id: Id,
    new: CheckInWrite,
    if_match: IfMatch = None,
) -> Answer:
    """Replace the content of a draft or returned check-in."""
    version, now = expected_version(if_match, check_in_id), clock.now()
    return stored_answer(
        await actions.revise_check_in(
            change, authority_id, check_in_id, new, version, now
        )
    )


@router.post(
    _ONE + "/submit", responses=answers(CheckInRead, *_CHANGE, CheckInTooEarly)
)
async def submit_check_in(
    caller: CanWriteAuthorityWork,
    change: Change,
    authority_id: Id,
    check_in_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Submit a check-in once its period is over. After `due_on` it is late."""
    version, now = expected_version(if_match, check_in_id), clock.now()
    return stored_answer(
        await actions.submit_check_in(change, authority_id, check_in_id, version, now)
    )


# Final: an accepted check-in is evidence of a step of the authority.
@router.post(
    _ONE + "/accept", responses=answers(CheckInRead, *_CHANGE, SubmitterDecides)
)
async def accept_check_in(
    caller: CanDecideCheckIns,
    change: Change,
    authority_id: Id,
    check_in_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Accept a check-in that another account submitted; it can no longer be changed."""
    version, now = expected_version(if_match, check_in_id), clock.now()
    return stored_answer(
        await actions.decide_check_in(change, authority_id, check_in_id, version, now)
    )


@router.post(
    _ONE + "/return", responses=answers(CheckInRead, *_CHANGE, SubmitterDecides)
)
async def return_check_in(
    caller: CanDecideCheckIns,
    change: Change,
    authority_id: Id,
    check_in_id: Id,
    why: WorkReturn,
    if_match: IfMatch = None,
) -> Answer:
    """Return a submitted check-in for changes, with the reason."""
    version, now = expected_version(if_match, check_in_id), clock.now()
    return stored_answer(
        await actions.decide_check_in(
            change, authority_id, check_in_id, version, now, why.reason
        )
    )
