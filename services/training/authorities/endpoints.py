"""/authorities."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis.ground import clock
from services.chassis.ground.problems import (
    NotAcceptable,
    OutsideScope,
    PreconditionRequired,
    UnknownReference,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.transfer.exports import files, list_answer
from services.chassis.web.answers import (
    Answer,
    Terms,
    created_answer,
    page_answer,
    stored_answer,
)
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page, page_of
from services.chassis.web.units import Change, Reading
from services.training.authorities import actions, queries
from services.training.authorities.schemas import (
    AuthorityList,
    AuthorityRead,
    AuthorityRecruit,
    AuthorityStepList,
    AuthorityStepRead,
    AuthorityUpdate,
)
from services.training.demands import (
    CanEditAuthorities,
    CanReadAuthorities,
    CanReadAuthorityWork,
)
from services.training.permissions import Permission
from services.training.problems import (
    AuthorityAlreadyRecruited,
    AuthorityNotEligible,
    AuthorityNotFound,
)

router = slice_router(prefix="/authorities", tags=["authorities"])
_FILES = files("csv", "xlsx", "ndjson")


@router.get("", responses=answers(Page[AuthorityRead], NotAcceptable, files=_FILES))
async def list_authorities(
    caller: CanReadAuthorities,
    reading: Reading,
    request: Request,
    query: Annotated[AuthorityList, Query()],
) -> Response:
    """Authorities with their state and windows, as a page or as a file of all.

    `sort=-is_at_risk,recruited_on` is the order of the recruitment: those at risk of
    permanent marginalisation first.
    """
    listed = queries.list_authorities(query)
    return await list_answer(request, reading, query, listed)


@router.post(
    "",
    status_code=201,
    responses=answers(
        AuthorityRead,
        OutsideScope,
        UnknownReference,
        AuthorityNotEligible,
        AuthorityAlreadyRecruited,
        status=201,
    ),
)
async def recruit_authority(
    caller: CanEditAuthorities, change: Change, new: AuthorityRecruit
) -> Answer:
    """Recruit a commune or county that runs schools.

    Recruitment is open to all. An authority at risk of permanent marginalisation goes
    before others; `risk_source` names the list or act that says so.
    """
    authority = await actions.recruit_authority(change, new, clock.today())
    return created_answer(authority, f"/v1/training/authorities/{authority.key}")


@router.get("/{authority_id}", responses=answers(AuthorityRead, AuthorityNotFound))
async def get_authority(
    caller: CanReadAuthorities, reading: Reading, terms: Terms, authority_id: Id
) -> Answer:
    """One authority, how far it has come, and its windows."""
    return stored_answer(await queries.get_authority(reading, authority_id), terms)


@router.patch(
    "/{authority_id}",
    responses=answers(
        AuthorityRead,
        AuthorityNotFound,
        OutsideScope,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def amend_authority(
    caller: CanEditAuthorities,
    change: Change,
    authority_id: Id,
    patch: AuthorityUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Change an authority by a merge patch. Its state changes by its own endpoints."""
    # The codes of programme and TERYT stay: other systems refer to them.
    version = expected_version(if_match, authority_id)
    return stored_answer(
        await actions.amend_authority(change, authority_id, patch, version)
    )


@router.get(
    "/{authority_id}/steps",
    responses=answers(Page[AuthorityStepRead], AuthorityNotFound),
)
async def list_authority_steps(
    caller: CanReadAuthorityWork,
    reading: Reading,
    terms: Terms,
    authority_id: Id,
    query: Annotated[AuthorityStepList, Query()],
) -> Answer:
    """The steps of an authority, the oldest first: by whom, when and why."""
    # The state is public; the account that took a step is part of the work.
    # Out of reach the answer is 404 and no empty list.
    permission = Permission.READ_AUTHORITY_WORK
    await queries.get_worked(reading, authority_id, permission)
    listed = queries.list_steps(caller, authority_id)
    return page_answer(await page_of(reading, terms, query, listed), terms)
