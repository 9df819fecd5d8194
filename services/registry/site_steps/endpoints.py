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
    ConditionsNotMet,
    ProcessEnded,
    ProcessRunNotFound,
    ScopeNotDecided,
    SiteNotFound,
    StepAlreadyRecorded,
    StepNotRecorded,
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
    ProcessRunNotFound,
)


@router.get("", responses=answers(RunRead, SiteNotFound, ProcessRunNotFound))
async def list_site_steps(
    caller: CanReadProgrammes, reading: Reading, terms: Terms, site_id: Id
) -> Answer:
    """The progress of a site in its programme's process, with everything ever recorded."""
    run = await get_run_steps(reading, await get_run_id(reading, site_id))
    return stored_answer(run, terms)


@router.post(
    "",
    responses=answers(
        RunRead,
        *_CHANGE,
        StateConflict,
        StepOutOfOrder,
        StepAlreadyRecorded,
        ProcessEnded,
        ScopeNotDecided,
        ConditionsNotMet,
        UnknownReference,
    ),
)
async def record_site_step(
    caller: CanRecordSiteSteps,
    change: Change,
    site_id: Id,
    step: StepRecord,
    if_match: IfMatch = None,
) -> Answer:
    """Record a step of a site (If-Match: the ETag of its steps).

    The step is the next one, one that was skipped and is done now, or one that was
    taken back; its day lies between those of the steps around it, and within the site's
    time, which may be over. A test at a location needs a decision on its scope by that
    day, signed by the coalition and by the project.

    A step that stands for a record is tied to it (`stands_for`), and needs it on its
    day: `agreements_concluded` an agreement of the county, `network_building` the
    county's network, `scope_decision` the decision, `cooperation_rules` the
    commune's synergy team, `entity_creation` its centre or club of social
    integration, `pact` its pact.

    The step may name as its evidence a version of a document of the site or its
    programme that was adopted by the day of the step.
    """
    version = expected_version(if_match, await get_run_id(change, site_id))
    today = clock.today()
    run = await actions.record_site_step(change, site_id, step, version, today)
    return stored_answer(run)


@router.post(
    "/take-back",
    responses=answers(RunRead, *_CHANGE, StepNotRecorded, UnknownReference),
)
async def take_back_site_step(
    caller: CanRecordSiteSteps,
    change: Change,
    site_id: Id,
    back: StepTakeBack,
    if_match: IfMatch = None,
) -> Answer:
    """Take back a step recorded by mistake.

    It stays in the history, and the steps around it do not change.
    """
    version = expected_version(if_match, await get_run_id(change, site_id))
    run = await actions.take_back_site_step(change, site_id, back, version)
    return stored_answer(run)
