"""/referrals."""

from typing import Annotated

from fastapi import Query

from services.casework.demands import CanHandInReferrals, CanReadReferrals
from services.casework.problems import (
    DoesNotActForChild,
    PersonNotFound,
    ProcessingRestricted,
    ReferralNotFound,
)
from services.casework.reads import Category, Look, read_page
from services.casework.referrals import actions, queries
from services.casework.referrals.schemas import (
    ReferralCreate,
    ReferralList,
    ReferralRead,
    ReferralSummary,
)
from services.chassis.ground import clock
from services.chassis.ground.problems import OutsideScope, StateConflict
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.trust.vault import Erased
from services.chassis.web.answers import (
    Answer,
    Terms,
    created_answer,
    page_answer,
    stored_answer,
)
from services.chassis.web.listing import Page
from services.chassis.web.units import Audited, Change

# Fields that a party may not see are removed after the audit record,
# which needs the ids.
_LOOK = Look(
    "list_referrals",
    "referrals",
    Category.REFERRALS,
    narrow=actions.hide_from_parties,
)
router = slice_router(prefix="/referrals", tags=["referrals"])


@router.get("", responses=answers(Page[ReferralSummary]))
async def list_referrals(
    caller: CanReadReferrals,
    reading: Audited,
    terms: Terms,
    query: Annotated[ReferralList, Query()],
) -> Answer:
    """Referrals within the caller's reach, the newest first; with `overdue=true` only
    overdue ones. An institution sees those that it sent or received,
    without the person.
    """
    listed = queries.list_referrals(query, caller, clock.today())
    return page_answer(await read_page(reading, terms, query, listed, _LOOK), terms)


@router.post(
    "",
    status_code=201,
    responses=answers(
        ReferralRead,
        OutsideScope,
        DoesNotActForChild,
        PersonNotFound,
        Erased,
        ProcessingRestricted,
        StateConflict,
        status=201,
    ),
)
async def hand_in_referral(
    caller: CanHandInReferrals, change: Change, new: ReferralCreate
) -> Answer:
    """Refer somebody to the county, as a counselling centre, an institution, a parent,
    or a family that expects a child.

    Give the `person_id` of a person within reach, or describe the person, who is then
    registered in that county. The answer does not show whether the person had a record
    already. The referring institution sees the state of its referral.
    """
    # Always 201: a conflict would reveal to the sender
    # that the person has a record here.
    referral = await actions.hand_in_referral(change, new, clock.now(), clock.today())
    return created_answer(referral, f"/v1/casework/referrals/{referral.key}")


@router.get("/{referral_id}", responses=answers(ReferralRead, ReferralNotFound, Erased))
async def get_referral(
    caller: CanReadReferrals, reading: Audited, referral_id: Id
) -> Answer:
    """One referral, its steps, and what the caller may do next.

    The receiving institution sees the child once it has received the referral: the
    disclosed categories, as long as their basis holds.
    """
    referral = await actions.read_referral(reading, referral_id, clock.today())
    # No 304: the visible data can change with the basis, without a new version.
    return stored_answer(referral)
