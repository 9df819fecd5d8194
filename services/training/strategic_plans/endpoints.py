"""/authorities/{id}/strategic-plan."""

from uuid import UUID

from services.chassis.data import work
from services.chassis.ground import clock
from services.chassis.ground.problems import (
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer, created_answer, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.units import Change, Reading
from services.training.demands import CanReadAuthorityWork, CanWriteAuthorityWork
from services.training.permissions import Permission
from services.training.problems import (
    AuthorityNotFound,
    MeasureNotFound,
    StrategicPlanAlreadyBegun,
    StrategicPlanIncomplete,
    StrategicPlanNotFound,
)
from services.training.strategic_plans import actions, queries
from services.training.strategic_plans.schemas import (
    MeasureCode,
    MeasureStart,
    PlanAdopt,
    PlanWrite,
    StrategicPlanRead,
)

router = slice_router(
    prefix="/authorities/{authority_id}/strategic-plan", tags=["strategic-plans"]
)
_READ = (AuthorityNotFound, StrategicPlanNotFound)
_CHANGE = (*_READ, StateConflict, PreconditionRequired, VersionMismatch)


async def _expected(change: work.Change, authority_id: UUID, if_match: IfMatch) -> int:
    """The record version in If-Match, which has to name the plan."""
    permission = Permission.WRITE_AUTHORITY_WORK
    plan = await queries.get_plan(change, authority_id, permission)
    return expected_version(if_match, plan.id)


@router.get("", responses=answers(StrategicPlanRead, *_READ))
async def get_strategic_plan(
    caller: CanReadAuthorityWork, reading: Reading, authority_id: Id
) -> Answer:
    """The plan of an authority, with its sums and everything that it lacks."""
    permission = Permission.READ_AUTHORITY_WORK
    plan = await queries.get_plan(reading, authority_id, permission)
    # Without `Terms` there is no 304: `missing` can change without a new version.
    return stored_answer(await queries.get_shown_plan(reading, plan))


@router.post(
    "",
    status_code=201,
    responses=answers(
        StrategicPlanRead,
        AuthorityNotFound,
        StateConflict,
        StrategicPlanAlreadyBegun,
        status=201,
    ),
)
async def begin_strategic_plan(
    caller: CanWriteAuthorityWork, change: Change, authority_id: Id, new: PlanWrite
) -> Answer:
    """Begin the plan of an authority: priorities, and measures with schedule and budget.

    Each measure names the recommendations of the diagnosis that it answers.
    """
    plan = await actions.begin_plan(change, authority_id, new)
    path = f"/v1/training/authorities/{authority_id}/strategic-plan"
    return created_answer(plan, path)


@router.put("", responses=answers(StrategicPlanRead, *_CHANGE))
async def revise_strategic_plan(
    caller: CanWriteAuthorityWork,
    change: Change,
    authority_id: Id,
    new: PlanWrite,
    if_match: IfMatch = None,
) -> Answer:
    """Replace the content of a plan. A consulted plan becomes a draft again."""
    # PUT and no patch: sums are computed over the whole plan.
    version = await _expected(change, authority_id, if_match)
    return stored_answer(await actions.revise_plan(change, authority_id, new, version))


@router.post(
    "/consult", responses=answers(StrategicPlanRead, *_CHANGE, StrategicPlanIncomplete)
)
async def consult_strategic_plan(
    caller: CanWriteAuthorityWork,
    change: Change,
    authority_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Mark a draft as consulted. It has to be complete, and a consultation event has to
    be recorded.
    """
    # No body: the consultation events hold the participants.
    version = await _expected(change, authority_id, if_match)
    return stored_answer(await actions.consult_plan(change, authority_id, version))


@router.post(
    "/adopt", responses=answers(StrategicPlanRead, *_CHANGE, StrategicPlanIncomplete)
)
async def adopt_strategic_plan(
    caller: CanWriteAuthorityWork,
    change: Change,
    authority_id: Id,
    adoption: PlanAdopt,
    if_match: IfMatch = None,
) -> Answer:
    """Adopt a consulted plan by a resolution.

    It has to answer every recommendation of the accepted diagnosis; the refusal names
    those that are open.
    """
    version, today = await _expected(change, authority_id, if_match), clock.today()
    return stored_answer(
        await actions.adopt_plan(change, authority_id, adoption, version, today)
    )


@router.post(
    "/measures/{code}/start",
    responses=answers(StrategicPlanRead, *_CHANGE, MeasureNotFound),
)
async def start_measure(
    caller: CanWriteAuthorityWork,
    change: Change,
    authority_id: Id,
    code: MeasureCode,
    start: MeasureStart,
    if_match: IfMatch = None,
) -> Answer:
    """Start a measure of an adopted plan, whose state becomes `implementing`."""
    version, today = await _expected(change, authority_id, if_match), clock.today()
    address, day = (authority_id, code), start.started_on
    return stored_answer(
        await actions.start_measure(change, address, day, version, today)
    )
