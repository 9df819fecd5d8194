"""/focus-groups."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis.ground import clock
from services.chassis.ground.problems import (
    NotAcceptable,
    OutsideScope,
    PreconditionRequired,
    StateConflict,
    UnknownReference,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.transfer.exports import files, list_answer
from services.chassis.web.answers import Answer, Terms, created_answer, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.training.demands import CanEditFocusGroups, CanReadFocusGroups
from services.training.focus_groups import actions, queries
from services.training.focus_groups.schemas import (
    FocusGroupCancel,
    FocusGroupHold,
    FocusGroupList,
    FocusGroupPlan,
    FocusGroupRead,
    FocusGroupReport,
    FocusGroupReschedule,
)
from services.training.problems import FirstStageMissing, FocusGroupNotFound

router = slice_router(prefix="/focus-groups", tags=["focus-groups"])
_CHANGE = (
    FocusGroupNotFound,
    OutsideScope,
    StateConflict,
    PreconditionRequired,
    VersionMismatch,
)


@router.get(
    "",
    responses=answers(
        Page[FocusGroupRead], NotAcceptable, files=files("csv", "xlsx", "ndjson")
    ),
)
async def list_focus_groups(
    caller: CanReadFocusGroups,
    reading: Reading,
    request: Request,
    query: Annotated[FocusGroupList, Query()],
) -> Response:
    """Focus groups by programme, county and stage, the latest first."""
    # The caller decides whether numbers are shown: not all of them are public.
    listed = queries.list_focus_groups(query, caller)
    return await list_answer(request, reading, query, listed)


@router.post(
    "",
    status_code=201,
    responses=answers(
        FocusGroupRead, OutsideScope, UnknownReference, FirstStageMissing, status=201
    ),
)
async def plan_focus_group(
    caller: CanEditFocusGroups, change: Change, new: FocusGroupPlan
) -> Answer:
    """Plan a focus group of one of the two stages in one of the caller's counties."""
    group = await actions.plan_focus_group(change, new)
    return created_answer(group, f"/v1/training/focus-groups/{group.key}")


@router.get("/{focus_group_id}", responses=answers(FocusGroupRead, FocusGroupNotFound))
async def get_focus_group(
    caller: CanReadFocusGroups, reading: Reading, terms: Terms, focus_group_id: Id
) -> Answer:
    """One focus group. Its numbers are shown to its county's staff; to others only once
    it is reported, unless they are small.
    """
    # No 404 out of reach: focus groups and their findings are public.
    return stored_answer(await queries.get_focus_group(reading, focus_group_id), terms)


@router.post(
    "/{focus_group_id}/reschedule", responses=answers(FocusGroupRead, *_CHANGE)
)
async def reschedule_focus_group(
    caller: CanEditFocusGroups,
    change: Change,
    focus_group_id: Id,
    rescheduling: FocusGroupReschedule,
    if_match: IfMatch = None,
) -> Answer:
    """Plan a focus group for another day."""
    version, planned_on = (
        expected_version(if_match, focus_group_id),
        rescheduling.planned_on,
    )
    return stored_answer(
        await actions.reschedule_focus_group(
            change, focus_group_id, planned_on, version
        )
    )


# Day and numbers in one request, so that both are always set together.
@router.post("/{focus_group_id}/hold", responses=answers(FocusGroupRead, *_CHANGE))
async def hold_focus_group(
    caller: CanEditFocusGroups,
    change: Change,
    focus_group_id: Id,
    facts: FocusGroupHold,
    if_match: IfMatch = None,
) -> Answer:
    """Mark a focus group as held, with its day and the number of people by role.

    It may be repeated to correct the numbers, until the group is reported.
    """
    version, today = expected_version(if_match, focus_group_id), clock.today()
    return stored_answer(
        await actions.hold_focus_group(change, focus_group_id, facts, version, today)
    )


# Final: the second stage in the county builds on the report.
@router.post("/{focus_group_id}/report", responses=answers(FocusGroupRead, *_CHANGE))
async def report_focus_group(
    caller: CanEditFocusGroups,
    change: Change,
    focus_group_id: Id,
    report: FocusGroupReport,
    if_match: IfMatch = None,
) -> Answer:
    """Publish the findings of a focus group, in both languages."""
    version = expected_version(if_match, focus_group_id)
    return stored_answer(
        await actions.report_focus_group(change, focus_group_id, report, version)
    )


@router.post("/{focus_group_id}/cancel", responses=answers(FocusGroupRead, *_CHANGE))
async def cancel_focus_group(
    caller: CanEditFocusGroups,
    change: Change,
    focus_group_id: Id,
    cancelling: FocusGroupCancel,
    if_match: IfMatch = None,
) -> Answer:
    """Cancel a focus group, with the reason."""
    version, reason = expected_version(if_match, focus_group_id), cancelling.reason
    return stored_answer(
        await actions.cancel_focus_group(change, focus_group_id, reason, version)
    )
