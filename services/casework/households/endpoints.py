"""/households."""

from typing import Annotated

from fastapi import Query

from services.casework.demands import CanEditHouseholds, CanReadHouseholds
from services.casework.households import actions, queries
from services.casework.households.schemas import (
    HouseholdCreate,
    HouseholdList,
    HouseholdRead,
    MemberJoin,
    MemberLeave,
)
from services.casework.problems import (
    AlreadyInHousehold,
    HouseholdMemberNotFound,
    HouseholdNotFound,
    ProcessingRestricted,
)
from services.casework.reads import Category, record_read
from services.chassis.data.effects import Subject
from services.chassis.data.work import Stored
from services.chassis.ground import clock
from services.chassis.ground.problems import (
    OutsideScope,
    PreconditionRequired,
    StateConflict,
    UnknownReference,
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

router = slice_router(prefix="/households", tags=["households"])
_ADDING = (
    AlreadyInHousehold,
    Erased,
    ProcessingRestricted,
    StateConflict,
    UnknownReference,
)


def _stored(household: HouseholdRead) -> Stored:
    return Stored(household.id, household.version, household.model_dump_json())


@router.get("", responses=answers(Page[HouseholdRead]))
async def list_households(
    caller: CanReadHouseholds,
    reading: Audited,
    terms: Terms,
    query: Annotated[HouseholdList, Query()],
) -> Answer:
    """The households of one person, with all present and former members. The access is
    written to the audit log, with all of these people.
    """
    page, households = await queries.list_households(reading, terms, query)
    # Former members as well, because the page shows them.
    people = queries.people_in(households)
    subject = Subject("households")
    record_read(reading, "list_households", subject, people, Category.FAMILY)
    return page_answer(page, terms)


@router.post(
    "",
    status_code=201,
    # 403 and not 404: the caller has named the county, so there is nothing to hide.
    responses=answers(HouseholdRead, OutsideScope, *_ADDING, status=201),
)
async def make_household(
    caller: CanEditHouseholds, change: Change, new: HouseholdCreate
) -> Answer:
    """Record who lives together. A child of parents who live apart may live in two households."""
    household = await actions.make_household(change, new, clock.today())
    location = f"/v1/casework/households/{household.id}"
    return created_answer(_stored(household), location)


@router.get("/{household_id}", responses=answers(HouseholdRead, HouseholdNotFound))
async def get_household(
    caller: CanReadHouseholds, reading: Audited, terms: Terms, household_id: Id
) -> Answer:
    """One household. The access is written to the audit log."""
    household = await queries.get_household(reading, household_id)
    people = queries.people_in([household])
    subject = Subject(f"households/{household_id}")
    record_read(reading, "get_household", subject, people, Category.FAMILY)
    return stored_answer(_stored(household), terms)


@router.post(
    "/{household_id}/members",
    status_code=201,
    responses=answers(HouseholdRead, HouseholdNotFound, *_ADDING, status=201),
)
# No If-Match: two members may join at once without a conflict.
async def join_household(
    caller: CanEditHouseholds, change: Change, household_id: Id, member: MemberJoin
) -> Answer:
    """Add a person to a household from a day on."""
    household = await actions.join_household(
        change, household_id, member, clock.today()
    )
    # The path of the household: its members have no paths.
    location = f"/v1/casework/households/{household_id}"
    return created_answer(_stored(household), location)


@router.post(
    "/{household_id}/members/{member_id}/leave",
    responses=answers(
        HouseholdRead,
        HouseholdNotFound,
        HouseholdMemberNotFound,
        Erased,
        ProcessingRestricted,
        StateConflict,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def leave_household(
    caller: CanEditHouseholds,
    change: Change,
    household_id: Id,
    member_id: Id,
    leave: MemberLeave,
    if_match: IfMatch = None,
) -> Answer:
    """Record that a member left a household. The ETag is the household's."""
    version = expected_version(if_match, household_id)
    household = await actions.leave_household(
        change, household_id, member_id, leave, version, clock.today()
    )
    return stored_answer(_stored(household))
