"""/sites, and the sites of a programme."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis.ground import clock
from services.chassis.ground import problems as general
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.transfer.exports import files, list_answer
from services.chassis.web.answers import Answer, created_answer, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.registry.demands import CanEditSites, CanReadProgrammes
from services.registry.problems import (
    AgreementNotUsable,
    CommuneAlreadyOpen,
    ProgrammeNotFound,
    SiteAlreadyOpen,
    SiteNotFound,
)
from services.registry.programmes.endpoints import Code
from services.registry.sites import actions, queries
from services.registry.sites.schemas import (
    SiteActivate,
    SiteComplete,
    SiteCreate,
    SiteDetail,
    SiteList,
    SiteRead,
    SiteSign,
    SiteUpdate,
    SiteWithdraw,
)

router = slice_router(tags=["programmes"])
_CHANGE = (
    SiteNotFound,
    general.OutsideScope,
    general.PreconditionRequired,
    general.VersionMismatch,
)
_MOVE = (*_CHANGE, general.StateConflict)
_AGREEMENT = (AgreementNotUsable, general.UnknownReference)


@router.get(
    "/programmes/{code}/sites",
    responses=answers(
        Page[SiteRead],
        ProgrammeNotFound,
        general.NotAcceptable,
        files=files("csv", "xlsx", "ndjson"),
    ),
)
async def list_sites(
    caller: CanReadProgrammes,
    reading: Reading,
    request: Request,
    code: Code,
    query: Annotated[SiteList, Query()],
) -> Response:
    """The sites of a programme, the withdrawn ones included, each with the last step it has done."""
    listed = await queries.list_sites(reading, code, query)
    return await list_answer(request, reading, query, listed)


@router.post(
    "/programmes/{code}/sites",
    status_code=201,
    responses=answers(
        SiteDetail,
        ProgrammeNotFound,
        general.OutsideScope,
        general.UnknownReference,
        SiteAlreadyOpen,
        CommuneAlreadyOpen,
        AgreementNotUsable,
        status=201,
    ),
)
async def create_site(
    caller: CanEditSites, change: Change, code: Code, new: SiteCreate
) -> Answer:
    """Add a county, a commune or a location to a programme as a candidate, and start
    its run through the programme's process.

    A participation that is over is entered with `past`: it is checked for its own days,
    and may exist beside a site that is open today. It is completed, or withdrawn where
    a reason is given.
    """
    site = await actions.create_site(change, code, new, clock.today())
    return created_answer(site, f"/v1/registry/sites/{site.key}")


@router.get("/sites/{site_id}", responses=answers(SiteDetail, SiteNotFound))
async def get_site(caller: CanReadProgrammes, reading: Reading, site_id: Id) -> Answer:
    """One site, with figures of its county today."""
    # No 304: the figures of the county change without a new version of the site.
    return stored_answer(await queries.get_site(reading, site_id, clock.today()))


@router.patch(
    "/sites/{site_id}",
    responses=answers(
        SiteDetail,
        *_CHANGE,
        general.UnknownReference,
        CommuneAlreadyOpen,
    ),
)
async def amend_site(
    caller: CanEditSites,
    change: Change,
    site_id: Id,
    patch: SiteUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Change the descriptive facts of a site by a merge patch."""
    version = expected_version(if_match, site_id)
    today = clock.today()
    site = await actions.amend_site(change, site_id, patch, version, today)
    return stored_answer(site)


@router.post(
    "/sites/{site_id}/sign", responses=answers(SiteDetail, *_MOVE, *_AGREEMENT)
)
async def sign_site(
    caller: CanEditSites,
    change: Change,
    site_id: Id,
    signing: SiteSign,
    if_match: IfMatch = None,
) -> Answer:
    """Name the agreement of a candidate: signed, of the same county, and in force on the
    day from which the site is based on it (`signed_on`, today when absent).
    """
    version = expected_version(if_match, site_id)
    today = clock.today()
    site = await actions.sign_site(change, site_id, signing, version, today)
    return stored_answer(site)


@router.post(
    "/sites/{site_id}/activate", responses=answers(SiteDetail, *_MOVE, *_AGREEMENT)
)
async def activate_site(
    caller: CanEditSites,
    change: Change,
    site_id: Id,
    start: SiteActivate,
    if_match: IfMatch = None,
) -> Answer:
    """Start a site. Its agreement, where it has one, must be in force on the day of the
    start. Where the programme needs an agreement, the site must be signed first.
    """
    version = expected_version(if_match, site_id)
    today = clock.today()
    site = await actions.activate_site(change, site_id, start, version, today)
    return stored_answer(site)


@router.post("/sites/{site_id}/complete", responses=answers(SiteDetail, *_MOVE))
async def complete_site(
    caller: CanEditSites,
    change: Change,
    site_id: Id,
    end: SiteComplete,
    if_match: IfMatch = None,
) -> Answer:
    """Complete an active site."""
    version = expected_version(if_match, site_id)
    today = clock.today()
    site = await actions.complete_site(change, site_id, end, version, today)
    return stored_answer(site)


@router.post("/sites/{site_id}/withdraw", responses=answers(SiteDetail, *_MOVE))
async def withdraw_site(
    caller: CanEditSites,
    change: Change,
    site_id: Id,
    end: SiteWithdraw,
    if_match: IfMatch = None,
) -> Answer:
    """Withdraw a site from its programme, for a reason. Its steps and records
    stay readable.
    """
    version = expected_version(if_match, site_id)
    today = clock.today()
    site = await actions.withdraw_site(change, site_id, end, version, today)
    return stored_answer(site)
