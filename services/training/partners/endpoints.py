"""/partners."""

from typing import Annotated

from fastapi import Query

from services.chassis.ground import clock
from services.chassis.ground.problems import (
    PreconditionRequired,
    StateConflict,
    UnknownReference,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import (
    Answer,
    Terms,
    created_answer,
    page_answer,
    stored_answer,
)
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.training.demands import CanEditPartners, CanReadPartners
from services.training.partners import actions, queries
from services.training.partners.rules import PartnerState
from services.training.partners.schemas import (
    PartnerCreate,
    PartnerEntry,
    PartnerList,
    PartnerRead,
    PartnerUpdate,
)
from services.training.problems import (
    PartnerAlreadyKnown,
    PartnerNotEligible,
    PartnerNotFound,
)

router = slice_router(prefix="/partners", tags=["partners"])
_CHANGE = (PartnerNotFound, StateConflict, PreconditionRequired, VersionMismatch)


@router.get("", responses=answers(Page[PartnerEntry]))
async def list_partners(
    caller: CanReadPartners,
    reading: Reading,
    terms: Terms,
    query: Annotated[PartnerList, Query()],
) -> Answer:
    """The partners of programmes, and candidates."""
    return page_answer(await queries.list_partners(reading, terms, query), terms)


@router.post(
    "",
    status_code=201,
    responses=answers(PartnerRead, PartnerAlreadyKnown, UnknownReference, status=201),
)
async def propose_partner(
    caller: CanEditPartners, change: Change, new: PartnerCreate
) -> Answer:
    """Add a candidate for the partner of a programme, with its EU projects."""
    partner = await actions.propose_partner(change, new, clock.today())
    return created_answer(partner, f"/v1/training/partners/{partner.key}")


@router.get("/{partner_id}", responses=answers(PartnerRead, PartnerNotFound))
async def get_partner(
    caller: CanReadPartners, reading: Reading, terms: Terms, partner_id: Id
) -> Answer:
    """One partner or candidate, with its projects and what it lacks today."""
    partner = await queries.get_partner(reading, partner_id, clock.today())
    # No 304 for candidates: a running project adds months without a new version.
    is_settled = partner.state is PartnerState.ACCEPTED
    return stored_answer(queries.shown(partner), terms if is_settled else None)


# PUT and no patch: a project that is left out is removed.
@router.put(
    "/{partner_id}", responses=answers(PartnerRead, *_CHANGE, PartnerAlreadyKnown)
)
async def describe_partner(
    caller: CanEditPartners,
    change: Change,
    partner_id: Id,
    new: PartnerUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Replace the description of a candidate, its projects included."""
    version = expected_version(if_match, partner_id)
    return stored_answer(
        await actions.describe_partner(change, partner_id, new, version, clock.today())
    )


@router.post(
    "/{partner_id}/accept", responses=answers(PartnerRead, *_CHANGE, PartnerNotEligible)
)
async def accept_partner(
    caller: CanEditPartners, change: Change, partner_id: Id, if_match: IfMatch = None
) -> Answer:
    """Accept a candidate as the partner (source 003).

    It has to be a nationwide association of local authorities with technical capacity
    and premises, and five years of EU projects for their staff. The refusal names
    everything that it lacks.
    """
    version = expected_version(if_match, partner_id)
    return stored_answer(
        await actions.accept_partner(change, partner_id, version, clock.today())
    )
