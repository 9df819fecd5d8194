"""/sites/{site_id}/steps."""

from services.chassis.ground import clock
from services.chassis.ground.problems import (
    OutsideScope,
    PreconditionRequired,
    StateConflict,
    UnknownReference,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer, Terms, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.units import Change, Reading
from services.registry.demands import CanReadProgrammes, CanRecordSiteSteps
from services.registry.problems import (
    ProcessEnded,
    ProcessRunNotFound,
    ScopeNotDecided,
    SiteNotFound,
    StepAlreadyRecorded,
    StepOutOfOrder,
)
from services.registry.processes.queries import get_run_steps
from services.registry.processes.schemas import RunRead, StepRecord, StepTakeBack
from services.registry.site_steps import actions
from services.registry.sites.queries import get_run_id

router = slice_router(prefix="/sites/{site_id}/steps", tags=["programmes"])
_CHANGE = (
    SiteNotFound,
    OutsideScope,
    PreconditionRequired,
    VersionMismatch,
    StateConflict,
    ProcessRunNotFound,
    StepOutOfOrder,
    StepAlreadyRecorded,
)


@router.get("", responses=answers(RunRead, SiteNotFound, ProcessRunNotFound))
async def list_site_steps(
    caller: CanReadProgrammes, reading: Reading, terms: Terms, site_id: Id
) -> Answer:
    """How far a site has come in its programme's process, with everything ever recorded."""
    run = await get_run_steps(reading, await get_run_id(reading, site_id))
    return stored_answer(run, terms)


@router.post(
    "",
    responses=answers(
        RunRead, *_CHANGE, ProcessEnded, ScopeNotDecided, UnknownReference
    ),
)
async def record_site_step(
    caller: CanRecordSiteSteps,
    change: Change,
    site_id: Id,
    step: StepRecord,
    if_match: IfMatch = None,
) -> Answer:
    """Record the next step of a site (If-Match: the ETag of its steps).

    What is tested at a location needs a decision on its scope, signed by the coalition and by the
    project. A document of the site or its programme that shows the step may be named by its version,
    adopted by the day of the step.
    """
    version = expected_version(if_match, await get_run_id(change, site_id))
    today = clock.today()
    run = await actions.record_site_step(change, site_id, step, version, today)
    return stored_answer(run)


@router.post("/take-back", responses=answers(RunRead, *_CHANGE))
async def take_back_site_step(
    caller: CanRecordSiteSteps,
    change: Change,
    site_id: Id,
    back: StepTakeBack,
    if_match: IfMatch = None,
) -> Answer:
    """Take back the last recorded step, recorded by mistake. It stays in the history."""
    version = expected_version(if_match, await get_run_id(change, site_id))
    run = await actions.take_back_site_step(change, site_id, back, version)
    return stored_answer(run)
