"""/bodies/{body_id}/members."""

from typing import Annotated

from fastapi import Query

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
from services.registry.body_members import actions, queries
from services.registry.body_members.schemas import (
    MemberCreate,
    MemberEnd,
    MemberList,
    MemberRead,
)
from services.registry.demands import CanEditBodies, CanReadBodies
from services.registry.problems import (
    AlreadyMember,
    BodyDissolved,
    BodyNotFound,
    InstitutionClosed,
    MemberNotFound,
)

router = slice_router(prefix="/bodies/{body_id}/members", tags=["bodies"])


@router.get("", responses=answers(Page[MemberRead], BodyNotFound))
async def list_members(
    caller: CanReadBodies,
    reading: Reading,
    terms: Terms,
    body_id: Id,
    query: Annotated[MemberList, Query()],
) -> Answer:
    """The members of a body, the present and the past ones."""
    members = await queries.list_members(reading, terms, body_id, query)
    return page_answer(members, terms)


@router.post(
    "",
    status_code=201,
    responses=answers(
        MemberRead,
        BodyNotFound,
        OutsideScope,
        BodyDissolved,
        UnknownReference,
        InstitutionClosed,
        AlreadyMember,
        status=201,
    ),
)
async def add_member(
    caller: CanEditBodies, change: Change, body_id: Id, new: MemberCreate
) -> Answer:
    """Give somebody a seat for a group of the body's rule.

    More members than the rule allows may be added: `composition` then shows the surplus, and no
    step that needs a valid composition can be recorded.
    """
    member = await actions.add_member(change, body_id, new)
    return created_answer(member, f"/v1/registry/bodies/{body_id}/members/{member.key}")


@router.get("/{member_id}", responses=answers(MemberRead, MemberNotFound))
async def get_member(
    caller: CanReadBodies, reading: Reading, terms: Terms, body_id: Id, member_id: Id
) -> Answer:
    """One seat in a body, with the ETag that its end needs."""
    member = await queries.get_member(reading, body_id, member_id)
    return stored_answer(member, terms)


@router.post(
    "/{member_id}/end",
    responses=answers(
        MemberRead,
        BodyNotFound,
        OutsideScope,
        BodyDissolved,
        PreconditionRequired,
        VersionMismatch,
        MemberNotFound,
        StateConflict,
    ),
)
async def end_member(
    caller: CanEditBodies,
    change: Change,
    body_id: Id,
    member_id: Id,
    end: MemberEnd,
    if_match: IfMatch = None,
) -> Answer:
    """End somebody's seat; it stays in the history."""
    version = expected_version(if_match, member_id)
    member = await actions.end_member(change, body_id, member_id, end, version)
    return stored_answer(member)
