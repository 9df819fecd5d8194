"""/bodies: their members, formation, meetings and communiqués."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis import clock
from services.chassis.answers import Answer, Terms
from services.chassis.concurrency import IfMatch
from services.chassis.database import Change, Reading
from services.chassis.exports import files, page_or_file
from services.chassis.listing import Page
from services.chassis.problems import (
    NotAcceptable,
    OutsideScope,
    PreconditionRequired,
    StateConflict,
    UnknownReference,
    VersionMismatch,
    answers,
)
from services.chassis.routes import router as slice_router
from services.chassis.scalars import Date, Id
from services.registry.bodies import actions, queries
from services.registry.bodies.schemas import (
    BodyCreate,
    BodyDissolve,
    BodyList,
    BodyRead,
    CommuniqueCreate,
    CommuniqueList,
    CommuniqueRead,
    CompositionRead,
    MeetingCancel,
    MeetingHold,
    MeetingList,
    MeetingPlan,
    MeetingRead,
    MeetingsRead,
    MemberCreate,
    MemberEnd,
    MemberList,
    MemberRead,
)
from services.registry.permissions import (
    CanEditBodies,
    CanReadBodies,
    CanRecordBodySteps,
)
from services.registry.problems import (
    AlreadyMember,
    BodyAlreadyFounded,
    BodyDissolved,
    BodyNotFound,
    ConditionsNotMet,
    InstitutionClosed,
    MeetingNotFound,
    MemberNotFound,
    ProcessEnded,
    ProcessRunNotFound,
    StepAlreadyRecorded,
    StepOutOfOrder,
)
from services.registry.processes.schemas import RunRead, StepRecord, StepTakeBack

router = slice_router(prefix="/bodies", tags=["bodies"])
_ADD = (BodyNotFound, OutsideScope, BodyDissolved)
_CHANGE = (*_ADD, PreconditionRequired, VersionMismatch)
_MOVE = (*_CHANGE, ProcessRunNotFound, StepOutOfOrder, UnknownReference)


@router.get(
    "",
    responses=answers(
        Page[BodyRead], NotAcceptable, files=files("csv", "xlsx", "ndjson")
    ),
)
async def list_bodies(
    caller: CanReadBodies,
    reading: Reading,
    request: Request,
    query: Annotated[BodyList, Query()],
) -> Response:
    """Teams and platforms of cooperation, the present and the dissolved ones."""
    return await page_or_file(
        request, caller, reading, query, *queries.list_bodies(query)
    )


@router.post(
    "",
    status_code=201,
    responses=answers(
        BodyRead, OutsideScope, UnknownReference, BodyAlreadyFounded, status=201
    ),
)
async def found_body(caller: CanEditBodies, change: Change, new: BodyCreate) -> Answer:
    """Found a body. Of a kind, one is open at a time in its commune, county or voivodeship.

    A regional platform belongs to no county: whoever founds or changes it must reach every county.
    """
    return await actions.found_body(change, caller, new, clock.today())


@router.get("/{body_id}", responses=answers(BodyRead, BodyNotFound))
async def get_body(
    caller: CanReadBodies, reading: Reading, terms: Terms, body_id: Id
) -> Answer:
    """One body and how far it has come in its formation."""
    return await queries.get_body(reading, terms, body_id)


@router.post("/{body_id}/dissolve", responses=answers(BodyRead, *_CHANGE))
async def dissolve_body(
    caller: CanEditBodies,
    change: Change,
    body_id: Id,
    end: BodyDissolve,
    if_match: IfMatch = None,
) -> Answer:
    """Dissolve a body. Its members leave, and so do those it delegated to others; planned meetings are called off."""
    return await actions.dissolve_body(
        change, caller, body_id, end, if_match, clock.today()
    )


@router.get("/{body_id}/members", responses=answers(Page[MemberRead], BodyNotFound))
async def list_members(
    caller: CanReadBodies,
    reading: Reading,
    terms: Terms,
    body_id: Id,
    query: Annotated[MemberList, Query()],
) -> Answer:
    """Who sits and sat in a body."""
    return await queries.list_members(reading, terms, body_id, query)


@router.post(
    "/{body_id}/members",
    status_code=201,
    responses=answers(
        MemberRead,
        *_ADD,
        UnknownReference,
        InstitutionClosed,
        AlreadyMember,
        status=201,
    ),
)
async def add_member(
    caller: CanEditBodies, change: Change, body_id: Id, new: MemberCreate
) -> Answer:
    """Give somebody a seat for a group of the body's rule.

    More than the rule wants may be added: `composition` then says who is too many, and no step that needs a valid
    composition can be recorded.
    """
    return await actions.add_member(change, caller, body_id, new)


@router.post(
    "/{body_id}/members/{member_id}/end",
    responses=answers(MemberRead, *_CHANGE, MemberNotFound, StateConflict),
)
async def end_member(
    caller: CanEditBodies,
    change: Change,
    body_id: Id,
    member_id: Id,
    end: MemberEnd,
    if_match: IfMatch = None,
) -> Answer:
    """End somebody's seat; it stays in the history."""
    return await actions.end_member(change, caller, body_id, member_id, end, if_match)


@router.get("/{body_id}/composition", responses=answers(CompositionRead, BodyNotFound))
async def get_composition(
    caller: CanReadBodies,
    reading: Reading,
    body_id: Id,
    as_of: Annotated[
        Date | None, Query(description="on that day; today when absent")
    ] = None,
) -> Answer:
    """Who represents whom, against the rule of the body: what is missing and what is too many."""
    return await queries.get_body_composition(reading, body_id, as_of or clock.today())


@router.get(
    "/{body_id}/steps", responses=answers(RunRead, BodyNotFound, ProcessRunNotFound)
)
async def get_body_steps(
    caller: CanReadBodies, reading: Reading, terms: Terms, body_id: Id
) -> Answer:
    """How far a body has come in its formation. A local synergy team has none."""
    return await queries.get_body_steps(reading, terms, body_id)


@router.post(
    "/{body_id}/steps",
    responses=answers(
        RunRead, *_MOVE, StepAlreadyRecorded, ProcessEnded, ConditionsNotMet
    ),
)
async def record_body_step(
    caller: CanRecordBodySteps,
    change: Change,
    body_id: Id,
    step: StepRecord,
    if_match: IfMatch = None,
) -> Answer:
    """Record the next step of a body's formation, with the ETag of its steps.

    A platform works in cycles once it is rightly composed and has planned a meeting, and its communications need a
    communiqué issued by then; a centre needs the county's network with a member, and is established rightly composed.
    """
    return await actions.record_body_step(
        change, caller, body_id, step, if_match, clock.today()
    )


@router.post("/{body_id}/steps/take-back", responses=answers(RunRead, *_MOVE))
async def take_back_body_step(
    caller: CanRecordBodySteps,
    change: Change,
    body_id: Id,
    back: StepTakeBack,
    if_match: IfMatch = None,
) -> Answer:
    """Take back the last step, recorded by mistake; it stays in the history."""
    return await actions.take_back_body_step(change, caller, body_id, back, if_match)


@router.get("/{body_id}/meetings", responses=answers(Page[MeetingRead], BodyNotFound))
async def list_meetings(
    caller: CanReadBodies,
    reading: Reading,
    terms: Terms,
    body_id: Id,
    query: Annotated[MeetingList, Query()],
) -> Answer:
    """The schedule of a body; meetings whose day has passed without a word are marked as overdue."""
    return await queries.list_meetings(reading, terms, body_id, query, clock.today())


@router.post(
    "/{body_id}/meetings",
    status_code=201,
    responses=answers(MeetingsRead, *_ADD, status=201),
)
async def plan_meetings(
    caller: CanEditBodies, change: Change, body_id: Id, plan: MeetingPlan
) -> Answer:
    """Plan a meeting, or a series: the same day of every n-th month, or its last where the month is too short."""
    return await actions.plan_meetings(change, caller, body_id, plan, clock.today())


@router.post(
    "/{body_id}/meetings/{meeting_id}/hold",
    responses=answers(MeetingRead, *_CHANGE, MeetingNotFound, StateConflict),
)
async def hold_meeting(
    caller: CanEditBodies,
    change: Change,
    body_id: Id,
    meeting_id: Id,
    held: MeetingHold,
    if_match: IfMatch = None,
) -> Answer:
    """Say that a planned meeting took place."""
    return await actions.hold_meeting(
        change, caller, body_id, meeting_id, held, if_match, clock.today()
    )


@router.post(
    "/{body_id}/meetings/{meeting_id}/cancel",
    responses=answers(MeetingRead, *_CHANGE, MeetingNotFound, StateConflict),
)
async def cancel_meeting(
    caller: CanEditBodies,
    change: Change,
    body_id: Id,
    meeting_id: Id,
    cancel: MeetingCancel,
    if_match: IfMatch = None,
) -> Answer:
    """Call a planned meeting off."""
    return await actions.cancel_meeting(
        change, caller, body_id, meeting_id, cancel, if_match
    )


@router.get(
    "/{body_id}/communiques", responses=answers(Page[CommuniqueRead], BodyNotFound)
)
async def list_communiques(
    caller: CanReadBodies,
    reading: Reading,
    terms: Terms,
    body_id: Id,
    query: Annotated[CommuniqueList, Query()],
) -> Answer:
    """What a body told boards and councils, the latest first."""
    return await queries.list_communiques(reading, terms, body_id, query)


@router.post(
    "/{body_id}/communiques",
    status_code=201,
    responses=answers(CommuniqueRead, *_ADD, status=201),
)
async def issue_communique(
    caller: CanEditBodies, change: Change, body_id: Id, new: CommuniqueCreate
) -> Answer:
    """Issue a communiqué with guidance; it does not change any more."""
    return await actions.issue_communique(change, caller, body_id, new, clock.today())
