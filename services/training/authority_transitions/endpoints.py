"""Steps of /authorities/{id}."""

from services.chassis.ground import clock
from services.chassis.ground.problems import (
    OutsideScope,
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.units import Change
from services.training.authorities.schemas import AuthorityRead
from services.training.authority_transitions import actions
from services.training.authority_transitions.schemas import (
    AuthorityWithdraw,
    ImplementationConfirm,
)
from services.training.check_ins.rules import CheckInKind
from services.training.demands import CanMoveAuthorities
from services.training.problems import AuthorityNotFound, AuthorityNotReady

router = slice_router(prefix="/authorities/{authority_id}", tags=["authorities"])
# Authorities are public: out of reach is refused as OutsideScope, not as 404.
_CHANGE = (
    AuthorityNotFound,
    OutsideScope,
    StateConflict,
    PreconditionRequired,
    VersionMismatch,
)
_STEP = answers(AuthorityRead, *_CHANGE, AuthorityNotReady)


@router.post("/confirm-training", responses=_STEP)
async def confirm_training(
    caller: CanMoveAuthorities,
    change: Change,
    authority_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """From recruited to trained: a team of three to four, who all completed the
    training and attended every session. The refusal names those who did not, and the
    sessions that they missed.
    """
    # The civil day is read here, once: rules and actions know no clock.
    version, today = expected_version(if_match, authority_id), clock.today()
    return stored_answer(
        await actions.confirm_training(change, authority_id, version, today)
    )


@router.post("/confirm-diagnosis", responses=_STEP)
async def confirm_diagnosis(
    caller: CanMoveAuthorities,
    change: Change,
    authority_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """From trained to diagnosis_ready: an accepted diagnosis with all its sections."""
    version, today = expected_version(if_match, authority_id), clock.today()
    return stored_answer(
        await actions.confirm_diagnosis(change, authority_id, version, today)
    )


@router.post("/confirm-plan", responses=_STEP)
async def confirm_plan(
    caller: CanMoveAuthorities,
    change: Change,
    authority_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """From diagnosis_ready to plan_ready: an adopted plan that answers every
    recommendation of the newest accepted diagnosis.
    """
    version, today = expected_version(if_match, authority_id), clock.today()
    return stored_answer(
        await actions.confirm_plan(change, authority_id, version, today)
    )


@router.post("/confirm-implementation", responses=_STEP)
async def confirm_implementation(
    caller: CanMoveAuthorities,
    change: Change,
    authority_id: Id,
    task: ImplementationConfirm,
    if_match: IfMatch = None,
) -> Answer:
    """From plan_ready to implementation_started: a started measure, and a consultation
    of each of the six groups. The twelve months of monitoring begin today.
    """
    version, today = expected_version(if_match, authority_id), clock.today()
    return stored_answer(
        await actions.confirm_implementation(change, authority_id, task, version, today)
    )


# Two steps of one path, and one action: only the kind of report differs.
@router.post("/confirm-monitoring", responses=_STEP)
async def confirm_monitoring(
    caller: CanMoveAuthorities,
    change: Change,
    authority_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """From implementation_started to monitored: twelve accepted monthly check-ins."""
    version, today = expected_version(if_match, authority_id), clock.today()
    kind = CheckInKind.MONTHLY
    return stored_answer(
        await actions.confirm_monitoring(change, authority_id, kind, version, today)
    )


@router.post("/confirm-post-project-monitoring", responses=_STEP)
async def confirm_post_project_monitoring(
    caller: CanMoveAuthorities,
    change: Change,
    authority_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """From monitored to post_project_monitored: two accepted yearly check-ins."""
    version, today = expected_version(if_match, authority_id), clock.today()
    kind = CheckInKind.YEARLY
    return stored_answer(
        await actions.confirm_monitoring(change, authority_id, kind, version, today)
    )


# Never AuthorityNotReady: a withdrawal has no conditions.
@router.post("/withdraw", responses=answers(AuthorityRead, *_CHANGE))
async def withdraw_authority(
    caller: CanMoveAuthorities,
    change: Change,
    authority_id: Id,
    end: AuthorityWithdraw,
    if_match: IfMatch = None,
) -> Answer:
    """Withdraw an authority, with the reason. Nothing can be added to its work; visits
    and consultation events can still be annulled.
    """
    version, today = expected_version(if_match, authority_id), clock.today()
    return stored_answer(
        await actions.withdraw_authority(
            change, authority_id, end.reason, version, today
        )
    )
