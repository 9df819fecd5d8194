"""/support-services."""

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
from services.chassis.web.expand_parameter import Expand
from services.chassis.web.expanding import opened
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.registry.demands import (
    CanEditSupportServices,
    CanReadStaleSupportServices,
    CanReadSupportServices,
    CanVerifySupportServices,
)
from services.registry.problems import InstitutionClosed, SupportServiceNotFound
from services.registry.support_services import actions, queries
from services.registry.support_services.schemas import (
    ListedSupportService,
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
        Page[ListedSupportService],
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
    """The services that institutions offer today: by kind, age, eligibility and place.
    With `near`, the nearest first.
    """
    listed = queries.list_support_services(query, clock.now())
    return await list_answer(request, reading, query, listed)


# Declared before the route of one service, which would match this path as well.
@router.get("/stale", responses=answers(Page[SupportServiceRead]))
async def list_stale_support_services(
    caller: CanReadStaleSupportServices,
    reading: Reading,
    terms: Terms,
    query: Annotated[StaleList, Query()],
) -> Answer:
    """Services in the caller's counties that were not verified for long, the oldest
    verification first.
    """
    services = await queries.list_stale(reading, terms, query, clock.now())
    return page_answer(services, terms)


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
    """Describe a service that an institution offers. A new description counts as
    verified by the caller now.
    """
    service = await actions.create_support_service(change, new, clock.now())
    return created_answer(service, f"/v1/registry/support-services/{service.key}")


@router.get(
    "/{service_id}", responses=answers(ListedSupportService, SupportServiceNotFound)
)
async def get_support_service(
    caller: CanReadSupportServices,
    reading: Reading,
    terms: Terms,
    service_id: Id,
    expand: Expand = None,
) -> Answer:
    """One service."""
    service, has_lapsed = await queries.get_shown_service(
        reading, service_id, clock.now()
    )
    answer = await opened(reading, service, expand, queries.EXPANSIONS)
    # No 304 when a reservation has expired: the free places changed without
    # a new version.
    return stored_answer(answer, None if has_lapsed or expand else terms)


@router.patch("/{service_id}", responses=answers(SupportServiceRead, *_CHANGE))
async def amend_support_service(
    caller: CanEditSupportServices,
    change: Change,
    service_id: Id,
    patch: SupportServiceUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Change a service by a merge patch.

    This does not verify the service: `verify` confirms that the whole
    description is correct.
    """
    version = expected_version(if_match, service_id)
    service = await actions.amend_support_service(
        change, service_id, patch, version, clock.now()
    )
    return stored_answer(service)


@router.post("/{service_id}/verify", responses=answers(SupportServiceRead, *_CHANGE))
async def verify_support_service(
    caller: CanVerifySupportServices,
    change: Change,
    service_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Confirm that the description, as it was read, is still correct.

    Every verification is kept, with its day.
    """
    version = expected_version(if_match, service_id)
    service = await actions.verify_support_service(
        change, service_id, version, clock.now()
    )
    return stored_answer(service)
