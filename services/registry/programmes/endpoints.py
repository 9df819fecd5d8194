"""/programmes with their sites, board and statistics; /sites with their steps and decisions on scope."""

from typing import Annotated

from fastapi import Path, Query, Request, Response

from services.chassis import clock
from services.chassis import problems as general
from services.chassis.answers import Answer, Terms
from services.chassis.concurrency import IfMatch
from services.chassis.database import Change, Reading
from services.chassis.exports import files, page_or_file
from services.chassis.listing import ListQuery, Page
from services.chassis.problems import answers
from services.chassis.refusals import preferred_language
from services.chassis.routes import router as slice_router
from services.chassis.scalars import Id, Line
from services.registry import permissions as may
from services.registry import problems
from services.registry.processes.queries import get_run_steps
from services.registry.processes.schemas import RunRead, StepRecord, StepTakeBack
from services.registry.programmes import actions, queries
from services.registry.programmes import schemas as wire
from services.registry.programmes.rules.board import board_svg, wants_picture
from services.registry.programmes.rules.scope import ScopeParty

router = slice_router(tags=["programmes"])
Code = Annotated[Line, Path(pattern=r"^[A-Z][A-Z0-9-]{1,31}$", examples=["MWM"])]

_READ = (general.PreconditionRequired, general.VersionMismatch)
_MISSING = (problems.SiteNotFound, general.OutsideScope)
_MOVE = (*_MISSING, *_READ, general.StateConflict)
_AGREEMENT = (problems.AgreementNotUsable, general.UnknownReference)
_STEP = (
    *_MOVE,
    problems.ProcessRunNotFound,
    problems.StepOutOfOrder,
    problems.StepAlreadyRecorded,
)
_SIGN = (*_MOVE, problems.ScopeDecisionNotFound, problems.SamePersonSigned)


@router.get("/programmes", responses=answers(Page[wire.ProgrammeRead]))
async def list_programmes(
    caller: may.CanReadProgrammes,
    reading: Reading,
    terms: Terms,
    query: Annotated[ListQuery, Query()],
) -> Answer:
    """The programmes that this registry keeps the sites of."""
    return await queries.list_programmes(reading, terms, query)


@router.post(
    "/programmes",
    status_code=201,
    responses=answers(
        wire.ProgrammeRead,
        general.OutsideScope,
        problems.ProgrammeAlreadyKnown,
        general.UnknownReference,
        status=201,
    ),
)
async def create_programme(
    caller: may.CanEditProgrammes, change: Change, new: wire.ProgrammeCreate
) -> Answer:
    """Set up a programme: what its sites are, which process they go through, what they need."""
    return await actions.create_programme(change, caller, new)


@router.get(
    "/programmes/{code}",
    responses=answers(wire.ProgrammeRead, problems.ProgrammeNotFound),
)
async def get_programme(
    caller: may.CanReadProgrammes, reading: Reading, terms: Terms, code: Code
) -> Answer:
    """One programme."""
    return await queries.get_programme(reading, terms, code)


@router.patch(
    "/programmes/{code}",
    responses=answers(
        wire.ProgrammeRead, problems.ProgrammeNotFound, general.OutsideScope, *_READ
    ),
)
async def amend_programme(
    caller: may.CanEditProgrammes,
    change: Change,
    code: Code,
    patch: wire.ProgrammeUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Change a programme by a merge patch. Level, process and spheres hold for all its sites and stay."""
    return await actions.amend_programme(change, caller, code, patch, if_match)


@router.get(
    "/programmes/{code}/sites",
    responses=answers(
        Page[wire.SiteRead],
        problems.ProgrammeNotFound,
        general.NotAcceptable,
        files=files("csv", "xlsx", "ndjson"),
    ),
)
async def list_sites(
    caller: may.CanReadProgrammes,
    reading: Reading,
    request: Request,
    code: Code,
    query: Annotated[wire.SiteList, Query()],
) -> Response:
    """The sites of a programme, the withdrawn ones included, each with the last step it has done."""
    listing, found = await queries.list_sites(reading, code, query)
    return await page_or_file(request, caller, reading, query, listing, found)


@router.post(
    "/programmes/{code}/sites",
    status_code=201,
    responses=answers(
        wire.SiteDetail,
        problems.ProgrammeNotFound,
        general.OutsideScope,
        general.UnknownReference,
        problems.SiteAlreadyOpen,
        problems.CommuneAlreadyOpen,
        status=201,
    ),
)
async def create_site(
    caller: may.CanEditSites, change: Change, code: Code, new: wire.SiteCreate
) -> Answer:
    """Let a county, a commune or a location stand as a candidate; its way through the programme's process begins."""
    return await actions.create_site(change, caller, code, new, clock.today())


@router.get(
    "/programmes/{code}/board",
    responses=answers(
        wire.BoardRead,
        problems.ProgrammeNotFound,
        problems.ProcessRunNotFound,
        general.NotAcceptable,
        files={"image/svg+xml": {"schema": {"type": "string"}}},
    ),
)
async def get_programme_board(
    caller: may.CanReadProgrammes,
    reading: Reading,
    request: Request,
    code: Code,
    query: Annotated[wire.BoardQuery, Query()],
) -> Response:
    """Sites × steps: as JSON, or as a picture (SVG) with a title, a description and a mark in every cell."""
    picture = wants_picture(request.headers.get("accept", ""), query.format)
    if picture is None:
        raise general.NotAcceptable(available=["application/json", "image/svg+xml"])
    board = await queries.get_board(reading, code, query)
    headers = {"cache-control": "no-cache", "vary": "accept, accept-language"}
    if picture:
        language = preferred_language(request.headers.get("accept-language", ""))
        drawn = board_svg(board, language)
        return Response(
            drawn,
            media_type="image/svg+xml",
            headers=headers | {"content-language": language},
        )
    return Answer(
        wire.BoardRead.model_validate(board).model_dump_json(), headers=headers
    )


@router.get(
    "/programmes/{code}/statistics",
    responses=answers(wire.StatisticsRead, problems.ProgrammeNotFound),
)
async def get_programme_statistics(
    caller: may.CanReadProgrammes, reading: Reading, code: Code
) -> Answer:
    """A programme in numbers: planned, sites by status and implementer, distinct counties, steps reached."""
    found = wire.StatisticsRead.model_validate(
        await queries.get_statistics(reading, code)
    )
    return Answer(found.model_dump_json(), headers={"cache-control": "no-cache"})


@router.get(
    "/sites/{site_id}", responses=answers(wire.SiteDetail, problems.SiteNotFound)
)
async def get_site(
    caller: may.CanReadProgrammes, reading: Reading, site_id: Id
) -> Answer:
    """One site, with what its county is like today."""
    return await queries.get_site(reading, site_id, clock.today())


@router.patch(
    "/sites/{site_id}",
    responses=answers(
        wire.SiteDetail,
        *_MISSING,
        *_READ,
        general.UnknownReference,
        problems.CommuneAlreadyOpen,
    ),
)
async def amend_site(
    caller: may.CanEditSites,
    change: Change,
    site_id: Id,
    patch: wire.SiteUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Change what describes a site by a merge patch."""
    return await actions.amend_site(
        change, caller, site_id, patch, if_match, clock.today()
    )


@router.post(
    "/sites/{site_id}/sign", responses=answers(wire.SiteDetail, *_MOVE, *_AGREEMENT)
)
async def sign_site(
    caller: may.CanEditSites,
    change: Change,
    site_id: Id,
    signing: wire.SiteSign,
    if_match: IfMatch = None,
) -> Answer:
    """Name the agreement that carries a candidate: signed, valid today and of the same county."""
    return await actions.sign_site(
        change, caller, site_id, signing, if_match, clock.today()
    )


@router.post(
    "/sites/{site_id}/activate", responses=answers(wire.SiteDetail, *_MOVE, *_AGREEMENT)
)
async def activate_site(
    caller: may.CanEditSites,
    change: Change,
    site_id: Id,
    start: wire.SiteActivate,
    if_match: IfMatch = None,
) -> Answer:
    """Let a site work. Where the programme needs an agreement it needs one that still holds."""
    return await actions.activate_site(
        change, caller, site_id, start, if_match, clock.today()
    )


@router.post("/sites/{site_id}/complete", responses=answers(wire.SiteDetail, *_MOVE))
async def complete_site(
    caller: may.CanEditSites,
    change: Change,
    site_id: Id,
    end: wire.SiteComplete,
    if_match: IfMatch = None,
) -> Answer:
    """Close an active site that has done what it was to do."""
    return await actions.complete_site(
        change, caller, site_id, end, if_match, clock.today()
    )


@router.post("/sites/{site_id}/withdraw", responses=answers(wire.SiteDetail, *_MOVE))
async def withdraw_site(
    caller: may.CanEditSites,
    change: Change,
    site_id: Id,
    end: wire.SiteWithdraw,
    if_match: IfMatch = None,
) -> Answer:
    """Let a site leave its programme, for a reason. All that it did stays readable."""
    return await actions.withdraw_site(
        change, caller, site_id, end, if_match, clock.today()
    )


@router.get(
    "/sites/{site_id}/steps",
    responses=answers(RunRead, problems.SiteNotFound, problems.ProcessRunNotFound),
)
async def list_site_steps(
    caller: may.CanReadProgrammes, reading: Reading, terms: Terms, site_id: Id
) -> Answer:
    """How far a site has come in its programme's process, with everything ever recorded."""
    return await get_run_steps(
        reading, terms, (await queries.get_site_facts(reading, site_id)).run_id
    )


@router.post(
    "/sites/{site_id}/steps",
    responses=answers(RunRead, *_STEP, problems.ProcessEnded, problems.ScopeNotDecided),
)
async def record_site_step(
    caller: may.CanRecordSiteSteps,
    change: Change,
    site_id: Id,
    step: StepRecord,
    if_match: IfMatch = None,
) -> Answer:
    """Record the next step of a site (If-Match: the ETag of its steps).

    What is tested at a location needs a decision on its scope that the coalition and the project have signed.
    """
    return await actions.record_site_step(
        change, caller, site_id, step, if_match, clock.today()
    )


@router.post("/sites/{site_id}/steps/take-back", responses=answers(RunRead, *_STEP))
async def take_back_site_step(
    caller: may.CanRecordSiteSteps,
    change: Change,
    site_id: Id,
    back: StepTakeBack,
    if_match: IfMatch = None,
) -> Answer:
    """Take back the last recorded step, recorded by mistake. It stays in the history."""
    return await actions.take_back_site_step(change, caller, site_id, back, if_match)


@router.get(
    "/sites/{site_id}/scope-decisions",
    responses=answers(Page[wire.ScopeDecisionRead], problems.SiteNotFound),
)
async def list_scope_decisions(
    caller: may.CanReadProgrammes,
    reading: Reading,
    terms: Terms,
    site_id: Id,
    query: Annotated[ListQuery, Query()],
) -> Answer:
    """The decisions on what is tested at a site, the superseded ones included."""
    return await queries.list_decisions(reading, terms, site_id, query)


@router.post(
    "/sites/{site_id}/scope-decisions",
    status_code=201,
    responses=answers(
        wire.ScopeDecisionRead, *_MISSING, general.StateConflict, status=201
    ),
)
async def decide_scope(
    caller: may.CanRecordSiteSteps,
    change: Change,
    site_id: Id,
    new: wire.ScopeDecisionCreate,
) -> Answer:
    """Write down which spheres are tested. It is valid once two persons sign it; it supersedes the one before."""
    return await actions.decide_scope(change, caller, site_id, new, clock.today())


@router.post(
    "/sites/{site_id}/scope-decisions/{decision_id}/sign-for-coalition",
    responses=answers(wire.ScopeDecisionRead, *_SIGN),
)
async def sign_scope_for_coalition(
    caller: may.CanSignForCoalition,
    change: Change,
    site_id: Id,
    decision_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Sign a decision for the local coalition."""
    return await actions.sign_scope(
        change, caller, site_id, decision_id, if_match, ScopeParty.COALITION
    )


@router.post(
    "/sites/{site_id}/scope-decisions/{decision_id}/sign-for-project",
    responses=answers(wire.ScopeDecisionRead, *_SIGN),
)
async def sign_scope_for_project(
    caller: may.CanSignForProject,
    change: Change,
    site_id: Id,
    decision_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Sign a decision for the project's team."""
    return await actions.sign_scope(
        change, caller, site_id, decision_id, if_match, ScopeParty.PROJECT
    )
