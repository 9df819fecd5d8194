"""/groups."""

from typing import Annotated

from fastapi import Query, Request, Response

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
from services.chassis.web.answers import Answer, created_answer, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.training.demands import CanEditGroups, CanReadGroups
from services.training.groups import actions, queries
from services.training.groups.schemas import (
    GroupCreate,
    GroupList,
    GroupRead,
    GroupUpdate,
)
from services.training.problems import (
    GroupCodeTaken,
    GroupNotFound,
    ProgrammeNotAgreed,
)

router = slice_router(prefix="/groups", tags=["groups"])


@router.get(
    "",
    responses=answers(
        Page[GroupRead], NotAcceptable, files=files("csv", "xlsx", "ndjson")
    ),
)
async def list_groups(
    caller: CanReadGroups,
    reading: Reading,
    request: Request,
    query: Annotated[GroupList, Query()],
) -> Response:
    """Groups of all counties.

    By programme, state, trainer and days, or those with free seats.
    """
    # No audit record: neither page nor file has names.
    return await list_answer(request, reading, query, queries.list_groups(query))


@router.post(
    "",
    status_code=201,
    responses=answers(
        GroupRead,
        OutsideScope,
        UnknownReference,
        ProgrammeNotAgreed,
        GroupCodeTaken,
        status=201,
    ),
)
async def create_group(
    caller: CanEditGroups, change: Change, new: GroupCreate
) -> Answer:
    """Plan a group by the agreed version of a programme.

    It takes applications; seats are given when it is opened.
    """
    group = await actions.create_group(change, new)
    return created_answer(group, f"/v1/training/groups/{group.key}")


@router.get("/{group_id}", responses=answers(GroupRead, GroupNotFound))
async def get_group(caller: CanReadGroups, reading: Reading, group_id: Id) -> Answer:
    """One group."""
    # No 304: the number of taken seats can change without a new version.
    return stored_answer(await queries.get_group(reading, group_id))


@router.patch(
    "/{group_id}",
    responses=answers(
        GroupRead,
        GroupNotFound,
        OutsideScope,
        StateConflict,
        UnknownReference,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def amend_group(
    caller: CanEditGroups,
    change: Change,
    group_id: Id,
    patch: GroupUpdate,
    # Optional to the framework: its absence is 428, and not a wrong field.
    if_match: IfMatch = None,
) -> Answer:
    """Change a group by a merge patch.

    Once it has started, its days cannot change; its trainers can.

    The accounts of its trainers may read the people of the group.
    """
    version = expected_version(if_match, group_id)
    return stored_answer(await actions.amend_group(change, group_id, patch, version))
