"""/enrolments, and those in a group."""

from typing import Annotated

from fastapi import Query

from services.chassis.ground import clock
from services.chassis.ground.problems import ResourceBusy, StateConflict
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
from services.chassis.web.expand_parameter import Expand
from services.chassis.web.expanding import opened
from services.chassis.web.listing import Page, page_of
from services.chassis.web.units import Audited, Change, Reading
from services.training.demands import CanEnrol, CanReadEnrolments
from services.training.enrolments import actions, queries
from services.training.enrolments.schemas import (
    EnrolmentCreate,
    EnrolmentList,
    EnrolmentRead,
    GroupMember,
    ListedEnrolment,
    MemberList,
)
from services.training.groups.queries import get_group_facts
from services.training.problems import (
    DatesOverlap,
    EnrolmentNotFound,
    GroupNotFound,
    LocationUnchecked,
    NotEligible,
    TraineeAlreadyEnrolled,
    TraineeNotFound,
)
from services.training.reads import Look, read_page

router = slice_router(tags=["enrolments"])


@router.get("/enrolments", responses=answers(Page[ListedEnrolment]))
async def list_enrolments(
    caller: CanReadEnrolments,
    reading: Reading,
    terms: Terms,
    query: Annotated[EnrolmentList, Query()],
) -> Answer:
    """Enrolments of the caller's counties, of groups that the caller trains, or the
    caller's own.

    By group, person and state. No names.
    """
    # Ids alone, and so no audit record: names are in `list_group_members`.
    listed = queries.list_enrolments(query, caller)
    return page_answer(await page_of(reading, terms, query, listed), terms)


@router.get(
    "/enrolments/{enrolment_id}", responses=answers(ListedEnrolment, EnrolmentNotFound)
)
async def get_enrolment(
    caller: CanReadEnrolments,
    reading: Reading,
    terms: Terms,
    enrolment_id: Id,
    expand: Expand = None,
) -> Answer:
    """One enrolment."""
    enrolment = await queries.get_enrolment(reading, enrolment_id)
    with_group = await opened(reading, enrolment, expand, queries.EXPANSIONS)
    return stored_answer(with_group, None if expand else terms)


@router.get(
    "/groups/{group_id}/enrolments", responses=answers(Page[GroupMember], GroupNotFound)
)
async def list_group_members(
    caller: CanReadEnrolments,
    reading: Audited,
    terms: Terms,
    group_id: Id,
    query: Annotated[MemberList, Query()],
) -> Answer:
    """The enrolments in a group with names, within the caller's reach. Trainers see
    participants only.

    The access is written to the audit log. Preferred people come first, then all by the
    order of enrolment: the order in which they move up.
    """
    listed = queries.list_members(group_id, query, caller)
    look = Look("list_group_members", f"groups/{group_id}/enrolments")
    page = await read_page(reading, terms, query, listed, look)
    # An empty page may be an unknown group, which is a 404.
    if not page.items:
        await get_group_facts(reading, group_id)
    return page_answer(page, terms)


@router.post(
    "/groups/{group_id}/enrolments",
    status_code=201,
    responses=answers(
        EnrolmentRead,
        GroupNotFound,
        TraineeNotFound,
        StateConflict,
        ResourceBusy,
        NotEligible,
        DatesOverlap,
        TraineeAlreadyEnrolled,
        LocationUnchecked,
        Erased,
        status=201,
    ),
)
async def enrol_trainee(
    caller: CanEnrol, change: Change, group_id: Id, new: EnrolmentCreate
) -> Answer:
    """Enrol a person.

    With a seat while one is free, else on the waiting list, from which people move up
    automatically. The programme's rule decides who may enter: staff of social
    employment, two from each location; staff of a recruited authority, in one team;
    coordinators; or everybody. Staff of an authority at risk of permanent
    marginalisation go before others, with the source that says so.
    """
    enrolment = await actions.enrol_trainee(change, group_id, new, clock.now())
    return created_answer(enrolment, f"/v1/training/enrolments/{enrolment.key}")
