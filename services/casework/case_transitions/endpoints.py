"""/cases/{case_id}/<verb> and /cases/{case_id}/timeline."""

from uuid import UUID

from services.casework.case_transitions import actions, queries
from services.casework.case_transitions.schemas import CaseMove, Timeline
from services.casework.cases.queries import get_case
from services.casework.cases.rules import CaseState, CaseVerb
from services.casework.cases.schemas import CaseRead
from services.casework.demands import CanMoveCases, CanReadCases
from services.casework.problems import CaseNotFound, CaseNotReady, ProcessingRestricted
from services.casework.reads import Category, record_read
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
from services.chassis.web.answers import Answer, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.units import Audited, Change

router = slice_router(prefix="/cases/{case_id}", tags=["cases"])
_MOVE = answers(
    CaseRead,
    CaseNotFound,
    Erased,
    ProcessingRestricted,
    CaseNotReady,
    StateConflict,
    PreconditionRequired,
    VersionMismatch,
)


# Transfers are not among these verbs: they need a second county (`case_transfers`).
async def _move(
    change: Change, case_id: UUID, verb: CaseVerb, move: CaseMove, if_match: str | None
) -> Answer:
    # The reason is optional in the body: the rules of the case say
    # which verb needs one.
    version = expected_version(if_match, case_id)
    case = await actions.move_case(
        change, case_id, verb, move.reason, version, clock.now()
    )
    return stored_answer(case)


# One path for each verb, so that the server's log and the audit log show what was done.
@router.post("/consent", responses=_MOVE)
async def consent_to_case(
    caller: CanMoveCases,
    change: Change,
    case_id: Id,
    move: CaseMove,
    if_match: IfMatch = None,
) -> Answer:
    """From `draft` to `consented`: there is a legal basis for the county's work
    (`purpose` `casework`, categories `identity` and `case`), and somebody who acts for
    the child.
    """
    return await _move(change, case_id, CaseVerb.CONSENT, move, if_match)


@router.post("/assess", responses=_MOVE)
async def assess_case(
    caller: CanMoveCases,
    change: Change,
    case_id: Id,
    move: CaseMove,
    if_match: IfMatch = None,
) -> Answer:
    """From `consented` to `assessment`. A case of a lead coordination centre needs one
    of the six documents that admit a child there.
    """
    return await _move(change, case_id, CaseVerb.ASSESS, move, if_match)


@router.post("/consult-team", responses=_MOVE)
async def consult_team(
    caller: CanMoveCases,
    change: Change,
    case_id: Id,
    move: CaseMove,
    if_match: IfMatch = None,
) -> Answer:
    """From `assessment` to `team_consultation`: an assessment is completed, and the
    team has members of all three sectors.
    """
    return await _move(change, case_id, CaseVerb.CONSULT_TEAM, move, if_match)


@router.post("/agree-plan", responses=_MOVE)
async def agree_plan(
    caller: CanMoveCases,
    change: Change,
    case_id: Id,
    move: CaseMove,
    if_match: IfMatch = None,
) -> Answer:
    """From `team_consultation` to `plan_agreed`: guardian and team have approved a plan."""
    return await _move(change, case_id, CaseVerb.AGREE_PLAN, move, if_match)


@router.post("/start", responses=_MOVE)
async def start_case(
    caller: CanMoveCases,
    change: Change,
    case_id: Id,
    move: CaseMove,
    if_match: IfMatch = None,
) -> Answer:
    """From `plan_agreed` to `in_progress`: the plan is active. The day of the next
    review is set.
    """
    return await _move(change, case_id, CaseVerb.START, move, if_match)


@router.post("/review", responses=_MOVE)
async def review_case(
    caller: CanMoveCases,
    change: Change,
    case_id: Id,
    move: CaseMove,
    if_match: IfMatch = None,
) -> Answer:
    """From `in_progress` to `under_review`."""
    return await _move(change, case_id, CaseVerb.REVIEW, move, if_match)


@router.post("/resume", responses=_MOVE)
async def resume_case(
    caller: CanMoveCases,
    change: Change,
    case_id: Id,
    move: CaseMove,
    if_match: IfMatch = None,
) -> Answer:
    """From `under_review` back to `in_progress`, after a review, with an active plan."""
    return await _move(change, case_id, CaseVerb.RESUME, move, if_match)


@router.post("/close", responses=_MOVE)
async def close_case(
    caller: CanMoveCases,
    change: Change,
    case_id: Id,
    move: CaseMove,
    if_match: IfMatch = None,
) -> Answer:
    """From `under_review` to `closed`, after a review, with a reason, and once none of
    its referrals is open.
    """
    return await _move(change, case_id, CaseVerb.CLOSE, move, if_match)


# Not for a withdrawn case: that is final, and a new case is opened.
@router.post("/reopen", responses=_MOVE)
async def reopen_case(
    caller: CanMoveCases,
    change: Change,
    case_id: Id,
    move: CaseMove,
    if_match: IfMatch = None,
) -> Answer:
    """From `closed` back to `in_progress`, with a reason."""
    return await _move(change, case_id, CaseVerb.REOPEN, move, if_match)


# From any open state: a family may stop at any time, and gives a code as the reason.
@router.post("/withdraw", responses=_MOVE)
async def withdraw_case(
    caller: CanMoveCases,
    change: Change,
    case_id: Id,
    move: CaseMove,
    if_match: IfMatch = None,
) -> Answer:
    """The family no longer wants support: from any open state to `withdrawn`,
    with a reason.
    """
    return await _move(change, case_id, CaseVerb.WITHDRAW, move, if_match)


# Without pages: one case has dozens of entries, not thousands.
@router.get("/timeline", responses=answers(Timeline, CaseNotFound))
async def get_timeline(caller: CanReadCases, reading: Audited, case_id: Id) -> Answer:
    """The history of a case, the oldest entry first: changes of its state and team,
    plans, reviews and referrals.
    """
    case = await get_case(reading, case_id)
    subject = Subject(f"cases/{case_id}/timeline", county=case.county_terc)
    record_read(reading, "get_timeline", subject, [case.person_id], Category.CASE)
    entries = await queries.list_timeline(reading, case)
    timeline = Timeline(state=CaseState(case.state), items=entries)
    return Answer(timeline.model_dump_json())
