"""Transitions of /enrolments."""

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
from services.chassis.web.units import Change
from services.training.demands import CanDecideEnrolments, CanWithdrawEnrolments
from services.training.enrolment_transitions import actions
from services.training.enrolment_transitions.schemas import (
    EnrolmentReject,
    EnrolmentWithdraw,
)
from services.training.enrolments.rules import EnrolmentVerb
from services.training.enrolments.schemas import EnrolmentRead
from services.training.problems import EnrolmentNotFound, TeamTooSmall

router = slice_router(prefix="/enrolments/{enrolment_id}", tags=["enrolments"])
_CHANGE = (
    EnrolmentNotFound,
    StateConflict,
    PreconditionRequired,
    VersionMismatch,
    Erased,
)


@router.post("/reject", responses=answers(EnrolmentRead, *_CHANGE))
async def reject_enrolment(
    caller: CanDecideEnrolments,
    change: Change,
    enrolment_id: Id,
    end: EnrolmentReject,
    # Optional to the framework: its absence is 428, and not a wrong field.
    if_match: IfMatch = None,
) -> Answer:
    """Reject a person who has applied, waits or is accepted, with a reason.

    The next in line moves up.
    """
    version, now = expected_version(if_match, enrolment_id), clock.now()
    verb = EnrolmentVerb.REJECT
    enrolment = await actions.end_enrolment(
        change, enrolment_id, verb, end.reason, version, now
    )
    return stored_answer(enrolment)


@router.post("/withdraw", responses=answers(EnrolmentRead, *_CHANGE, TeamTooSmall))
async def withdraw_enrolment(
    caller: CanWithdrawEnrolments,
    change: Change,
    enrolment_id: Id,
    end: EnrolmentWithdraw,
    if_match: IfMatch = None,
) -> Answer:
    """Withdraw a person from a group: by the county's manager, or by the person.

    The next in line moves up. A reason is required where an authority's team would be
    smaller than the programme requires.
    """
    # Both ends are one action: only the permission and the reason differ.
    version, now = expected_version(if_match, enrolment_id), clock.now()
    verb = EnrolmentVerb.WITHDRAW
    enrolment = await actions.end_enrolment(
        change, enrolment_id, verb, end.reason, version, now
    )
    return stored_answer(enrolment)
