"""/support-services."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis import clock
from services.chassis.answers import Answer, Terms
from services.chassis.concurrency import IfMatch
from services.chassis.database import Change, Reading
from services.chassis.exports import files, page_or_file
from services.chassis.listing import Page
from services.chassis.problems import (
    NotAcceptable,
    OutsideScope,
    PreconditionRequired,
    UnknownReference,
    VersionMismatch,
    answers,
)
from services.chassis.routes import router as slice_router
from services.chassis.scalars import Id
from services.registry.permissions import (
    CanEditSupportServices,
    CanReadStaleSupportServices,
    CanReadSupportServices,
    CanVerifySupportServices,
)
from services.registry.problems import InstitutionClosed, SupportServiceNotFound
from services.registry.support_services import actions, queries, rules
from services.registry.support_services.schemas import (
    StaleList,
    SupportServiceCreate,
    SupportServiceList,
    SupportServiceRead,
    SupportServiceUpdate,
)

router = slice_router(prefix="/support-services", tags=["support-services"])
_CHANGE = (
    SupportServiceNotFound,
    InstitutionClosed,
    OutsideScope,
    PreconditionRequired,
    VersionMismatch,
)


@router.get(
    "",
    responses=answers(
        Page[SupportServiceRead],
        NotAcceptable,
        files=files("csv", "xlsx", "ndjson", "geojson"),
    ),
)
async def list_support_services(
    caller: CanReadSupportServices,
    reading: Reading,
    request: Request,
    query: Annotated[SupportServiceList, Query()],
) -> Response:
    """What institutions offer today: by kind, age, eligibility and place. With `near`, the nearest first."""
    listing, found = queries.list_support_services(query, clock.today())
    return await page_or_file(request, caller, reading, query, listing, found)


@router.get("/stale", responses=answers(Page[SupportServiceRead]))
async def list_stale_support_services(
    caller: CanReadStaleSupportServices,
    reading: Reading,
    terms: Terms,
    query: Annotated[StaleList, Query()],
) -> Answer:
    """Offers in the caller's counties that nobody has verified for long, the longest neglected first."""
    before = rules.stale_since(clock.now(), query.older_than_days)
    return await queries.list_stale(
        reading, terms, caller, query, before, clock.today()
    )


@router.post(
    "",
    status_code=201,
    responses=answers(
        SupportServiceRead,
        OutsideScope,
        UnknownReference,
        InstitutionClosed,
        status=201,
    ),
)
async def create_support_service(
    caller: CanEditSupportServices, change: Change, new: SupportServiceCreate
) -> Answer:
    """Describe a service that an institution offers. Whoever describes it vouches for it: it counts as verified now."""
    return await actions.create_support_service(change, caller, new, clock.now())


@router.get(
    "/{service_id}", responses=answers(SupportServiceRead, SupportServiceNotFound)
)
async def get_support_service(
    caller: CanReadSupportServices, reading: Reading, terms: Terms, service_id: Id
) -> Answer:
    """One service."""
    return await queries.get_support_service(reading, terms, service_id)


@router.patch("/{service_id}", responses=answers(SupportServiceRead, *_CHANGE))
async def amend_support_service(
    caller: CanEditSupportServices,
    change: Change,
    service_id: Id,
    patch: SupportServiceUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Change a service by a merge patch; it counts as verified by whoever changes it."""
    return await actions.amend_support_service(
        change, caller, service_id, patch, if_match, clock.now()
    )


@router.post("/{service_id}/verify", responses=answers(SupportServiceRead, *_CHANGE))
async def verify_support_service(
    caller: CanVerifySupportServices,
    change: Change,
    service_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Confirm that the description, as it was read, still holds."""
    return await actions.verify_support_service(
        change, caller, service_id, if_match, clock.now()
    )
