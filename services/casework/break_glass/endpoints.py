"""/break-glass."""

from typing import Annotated

from fastapi import Query

from services.casework.break_glass import actions, queries
from services.casework.break_glass.schemas import (
    BreakGlassList,
    BreakGlassOpen,
    BreakGlassRead,
    BreakGlassReview,
)
from services.casework.demands import CanBreakGlass, CanReviewBreakGlass
from services.casework.problems import (
    BreakGlassAlreadyOpen,
    BreakGlassNotFound,
    BreakGlassUnreviewed,
    NobodyToOpen,
    OwnDecision,
    StepUpRequired,
)
from services.casework.reads import Look, read_page, record_read
from services.chassis.data.effects import Subject
from services.chassis.ground import clock
from services.chassis.ground.problems import (
    PreconditionRequired,
    RateLimited,
    StateConflict,
    VersionMismatch,
)
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
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Audited, Change

# No category: the list of accesses concerns the person's rights.
_LOOK = Look("list_break_glass", "break-glass", None, sealed="break_glass")
router = slice_router(prefix="/break-glass", tags=["privacy"])


@router.get("", responses=answers(Page[BreakGlassRead]))
async def list_break_glass(
    caller: CanReviewBreakGlass,
    reading: Audited,
    terms: Terms,
    query: Annotated[BreakGlassList, Query()],
) -> Answer:
    """Emergency accesses to children's records, the newest first. Each is to be
    reviewed within 72 hours.
    """
    listed = queries.list_accesses(query, caller)
    return page_answer(await read_page(reading, terms, query, listed, _LOOK), terms)


@router.post(
    "",
    status_code=201,
    responses=answers(
        BreakGlassRead,
        StepUpRequired,
        # The same refusal for an unknown and for an erased person, so that ids cannot
        # be probed.
        NobodyToOpen,
        BreakGlassAlreadyOpen,
        BreakGlassUnreviewed,
        RateLimited,
        status=201,
    ),
)
async def open_break_glass(
    caller: CanBreakGlass, change: Change, new: BreakGlassOpen
) -> Answer:
    """Read one child's records for 60 minutes without belonging to its team, in an emergency.

    The child is named by its id; there is no search here. Nothing can be changed, and
    the hour cannot be extended. The caller must have logged in within the last five
    minutes (`auth_time` of the token), may open three accesses a day, and none while an
    earlier one has waited for its review for more than 72 hours. The county's
    coordinator reviews each access.
    """
    # The same instant is used for the login, the allowance and the end of the hour.
    stored = await actions.open_break_glass(change, new, clock.now())
    return created_answer(stored, f"/v1/casework/break-glass/{stored.key}")


@router.get(
    # 410 once the child is erased: the reason was sealed by the child's key.
    "/{access_id}",
    responses=answers(BreakGlassRead, BreakGlassNotFound, Erased),
)
async def get_break_glass(
    caller: CanReviewBreakGlass, reading: Audited, terms: Terms, access_id: Id
) -> Answer:
    """One access with its reason."""
    access = await queries.get_access(reading, access_id)
    subject = Subject(f"break-glass/{access_id}", county=access.county_terc)
    record_read(reading, "get_break_glass", subject, [access.person_id], None)
    return stored_answer(await queries.get_shown(reading, access), terms)


@router.post(
    "/{access_id}/review",
    responses=answers(
        BreakGlassRead,
        BreakGlassNotFound,
        Erased,
        OwnDecision,
        StateConflict,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def review_break_glass(
    caller: CanReviewBreakGlass,
    change: Change,
    access_id: Id,
    review: BreakGlassReview,
    if_match: IfMatch = None,
) -> Answer:
    """Record whether an access was justified: once, and never for one's own access. An
    unjustified access ends at once.
    """
    version = expected_version(if_match, access_id)
    stored = await actions.review_break_glass(
        change, access_id, review, version, clock.now()
    )
    return stored_answer(stored)
