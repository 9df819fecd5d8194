"""/cases/{case_id}/members."""

from services.casework.case_members import actions, queries
from services.casework.case_members.schemas import (
    CaseMemberAdd,
    CaseMemberRead,
    CaseTeam,
)
from services.casework.cases.queries import get_case
from services.casework.cases.rules import Sector, missing_sectors
from services.casework.demands import CanEditTeams, CanReadCases
from services.casework.problems import (
    AlreadyInTeam,
    CaseMemberNotFound,
    CaseNotFound,
    CaseNotReady,
    ProcessingRestricted,
)
from services.casework.reads import Category, record_read
from services.chassis.data.effects import Subject
from services.chassis.data.work import Stored
from services.chassis.ground import clock
from services.chassis.ground.problems import (
    PreconditionRequired,
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
    stored_answer,
)
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.units import Audited, Change

router = slice_router(prefix="/cases/{case_id}/members", tags=["cases"])


@router.get("", responses=answers(CaseTeam, CaseNotFound))
async def list_case_members(
    caller: CanReadCases, reading: Audited, case_id: Id
) -> Answer:
    """The present and former members of a case's team, and which of the three sectors
    it still needs.
    """
    case = await get_case(reading, case_id)
    subject = Subject(f"cases/{case_id}/members", county=case.county_terc)
    # Audited only for the child: the team's names are professional data.
    record_read(reading, "list_case_members", subject, [case.person_id], Category.CASE)
    members = await queries.list_members(reading, case_id)
    sectors = {Sector(member.sector) for member in members if member.left_at is None}
    team = CaseTeam(items=[*members], missing_sectors=missing_sectors(sectors))
    return Answer(team.model_dump_json())


@router.post(
    "",
    status_code=201,
    responses=answers(
        CaseMemberRead,
        CaseNotFound,
        Erased,
        ProcessingRestricted,
        StateConflict,
        CaseNotReady,
        AlreadyInTeam,
        status=201,
    ),
)
async def add_case_member(
    caller: CanEditTeams, change: Change, case_id: Id, new: CaseMemberAdd
) -> Answer:
    """Add a member to the team of an open case that has a legal basis. From then on
    they see this case and its child, and nothing else by this membership.
    """
    # No If-Match: joining adds a row, and the case keeps its version.
    member = await actions.add_member(change, case_id, new, clock.now())
    location = f"/v1/casework/cases/{case_id}/members/{member.key}"
    return created_answer(member, location)


@router.get(
    "/{member_id}", responses=answers(CaseMemberRead, CaseNotFound, CaseMemberNotFound)
)
async def get_case_member(
    caller: CanReadCases, reading: Audited, terms: Terms, case_id: Id, member_id: Id
) -> Answer:
    """One present or former member of a case's team."""
    case = await get_case(reading, case_id)
    subject = Subject(f"cases/{case_id}/members/{member_id}", county=case.county_terc)
    record_read(reading, "get_case_member", subject, [case.person_id], Category.CASE)
    member = await queries.get_member(reading, case_id, member_id)
    body = CaseMemberRead.model_validate(member.model_dump())
    return stored_answer(
        Stored(member.id, member.version, body.model_dump_json()), terms
    )


@router.post(
    "/{member_id}/remove",
    responses=answers(
        CaseMemberRead,
        CaseNotFound,
        CaseMemberNotFound,
        Erased,
        StateConflict,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def remove_case_member(
    caller: CanEditTeams,
    change: Change,
    case_id: Id,
    member_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Remove a member from the team. It takes effect at their next request."""
    # The member's version: the case may change at the same time.
    version = expected_version(if_match, member_id)
    member = await actions.remove_member(
        change, case_id, member_id, version, clock.now()
    )
    return stored_answer(member)
