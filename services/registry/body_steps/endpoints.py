"""/bodies/{body_id}/steps."""

from services.chassis.ground import clock
from services.chassis.ground.problems import (
    OutsideScope,
    PreconditionRequired,
    UnknownReference,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer, Terms, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.units import Change, Reading
from services.registry.body_steps import actions
from services.registry.body_steps.queries import get_run_id
from services.registry.demands import CanReadBodies, CanRecordBodySteps
from services.registry.problems import (
    BodyDissolved,
    BodyNotFound,
    ConditionsNotMet,
    ProcessEnded,
    ProcessRunNotFound,
    StepAlreadyRecorded,
    StepNotRecorded,
    StepOutOfOrder,
)
from services.registry.processes.queries import get_run_steps
from services.registry.processes.schemas import RunRead, StepRecord, StepTakeBack

router = slice_router(prefix="/bodies/{body_id}/steps", tags=["bodies"])
_MOVE = (
    BodyNotFound,
    OutsideScope,
    PreconditionRequired,
    VersionMismatch,
    ProcessRunNotFound,
    UnknownReference,
)


@router.get("", responses=answers(RunRead, BodyNotFound, ProcessRunNotFound))
async def get_body_steps(
    caller: CanReadBodies, reading: Reading, terms: Terms, body_id: Id
) -> Answer:
    """The steps of a body's formation. A local synergy team has no formation."""
    run = await get_run_steps(reading, await get_run_id(reading, body_id))
    return stored_answer(run, terms)


@router.post(
    "",
    responses=answers(
        RunRead,
        *_MOVE,
        BodyDissolved,
        StepOutOfOrder,
        StepAlreadyRecorded,
        ProcessEnded,
        ConditionsNotMet,
    ),
)
async def record_body_step(
    caller: CanRecordBodySteps,
    change: Change,
    body_id: Id,
    step: StepRecord,
    if_match: IfMatch = None,
) -> Answer:
    """Record a step of a body's formation, with the ETag of its steps.

    The step is the next one, one that was skipped and is done now, or one that was
    taken back; its day lies between those of the steps around it. `cyclic_work` needs a
    composition valid on that day and a meeting after the first one, planned or held;
    `centre_established` needs a composition valid on that day.

    A step that stands for a record is tied to it (`stands_for`), and needs it on its
    day: `letter_of_intent` the letter of the county, `first_meeting` a meeting of that
    kind that was held, `communications` a communiqué, `support_network_created` the
    county's network with a member.

    The step may name as its evidence a version of a document of the body that was
    adopted by that day.
    """
    # The ETag is that of the run: steps are read and changed apart from their body.
    version = expected_version(if_match, await get_run_id(change, body_id))
    today = clock.today()
    run = await actions.record_body_step(change, body_id, step, version, today)
    return stored_answer(run)


@router.post("/take-back", responses=answers(RunRead, *_MOVE, StepNotRecorded))
async def take_back_body_step(
    caller: CanRecordBodySteps,
    change: Change,
    body_id: Id,
    back: StepTakeBack,
    if_match: IfMatch = None,
) -> Answer:
    """Take back a step recorded by mistake. It stays in the history, and the steps
    around it do not change.
    """
    version = expected_version(if_match, await get_run_id(change, body_id))
    run = await actions.take_back_body_step(change, body_id, back, version)
    return stored_answer(run)
