"""/support-services/{service_id}/verifications."""

from typing import Annotated

from fastapi import Query

from services.chassis.ground import clock
from services.chassis.ground.problems import OutsideScope
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer, Terms, page_answer
from services.chassis.web.listing import ListQuery, Page
from services.chassis.web.units import Change, Reading
from services.registry.demands import CanReadSupportServices, CanVerifySupportServices
from services.registry.problems import InstitutionClosed, SupportServiceNotFound
from services.registry.support_service_verifications import actions, queries
from services.registry.support_service_verifications.schemas import (
    VerificationCreate,
    VerificationRead,
)

router = slice_router(
    prefix="/support-services/{service_id}/verifications", tags=["support-services"]
)


@router.get("", responses=answers(Page[VerificationRead], SupportServiceNotFound))
async def list_support_service_verifications(
    caller: CanReadSupportServices,
    reading: Reading,
    terms: Terms,
    service_id: Id,
    query: Annotated[ListQuery, Query()],
) -> Answer:
    """The days on which the description of a service was correct, the latest first."""
    verifications = await queries.list_verifications(reading, terms, service_id, query)
    return page_answer(verifications, terms)


@router.post(
    "",
    status_code=201,
    responses=answers(
        VerificationRead,
        SupportServiceNotFound,
        InstitutionClosed,
        OutsideScope,
        status=201,
    ),
)
async def add_support_service_verification(
    caller: CanVerifySupportServices,
    change: Change,
    service_id: Id,
    new: VerificationCreate,
) -> Answer:
    """Record that the description of a service was correct on a day, today at the
    latest; `verify` confirms it as it is now.

    An inclusion in a network depends on the verifications up to its day. The service
    shows its latest verification.
    """
    verification = await actions.add_verification(change, service_id, new, clock.now())
    # The path of the list: a verification never changes and has no path of its own.
    location = {"location": f"/v1/registry/support-services/{service_id}/verifications"}
    return Answer(verification, 201, location)
