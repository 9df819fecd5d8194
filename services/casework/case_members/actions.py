"""Every change of a team. Membership decides who may see the case."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.casework.case_members import queries
from services.casework.case_members.models import CaseMember
from services.casework.case_members.schemas import CaseMemberAdd, CaseMemberRead
from services.casework.cases.actions import require_open
from services.casework.cases.models import Case
from services.casework.cases.queries import find_working_basis, lock_case
from services.casework.cases.rules import Need
from services.casework.permissions import Permission
from services.casework.problems import CaseNotReady
from services.chassis.data.effects import Subject
from services.chassis.data.relating import relate, unrelate
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.clock import civil_date
from services.chassis.ground.problems import StateConflict
from services.chassis.trust.relations import account_holder

TEAM = "team"


def _record(
    change: Change, action: str, case: Case, member: CaseMember, event: str
) -> None:
    path = f"cases/{case.id}/members/{member.id}"
    subject = Subject(path, member.version, case.county_terc)
    change.record(
        action,
        subject,
        f"case-member.{event}",
        people=[str(case.person_id)],
        # Neither name nor account: events carry ids and codes.
        sector=member.sector,
    )


def _to_stored(member: CaseMember) -> Stored:
    body = CaseMemberRead.model_validate(member.model_dump())
    return Stored(member.id, member.version, body.model_dump_json())


async def add_member(
    change: Change, case_id: UUID, new: CaseMemberAdd, now: datetime
) -> Stored:
    """Add a member to the team of an open case. From now on they see the case and the
    child. CaseNotReady where there is no legal basis.
    """
    # Locked, so that a transaction that ends the case at the same
    # time sees the whole team.
    case = await lock_case(change, case_id, Permission.EDIT_TEAMS)
    require_open(case)
    # One more person will see the data, and a withdrawn consent covers no new member.
    if await find_working_basis(change, case, civil_date(now)) is None:
        raise CaseNotReady(missing=[Need.LEGAL_BASIS.value])
    statement = (
        insert(CaseMember)
        .values(
            **new.model_dump(),
            county_terc=case.county_terc,
            case_id=case_id,
            person_id=case.person_id,
            joined_at=now,
        )
        .returning(*queries.MEMBERS.c)
    )
    member = CaseMember(**(await change.one(statement))._mapping)
    # Both: some tables are reached by the case, others by the child.
    objects = (case.id, case.person_id)
    holder = account_holder(new.subject)
    await relate(change, holder, TEAM, objects, case.county_terc)
    _record(change, "add_case_member", case, member, "joined")
    return _to_stored(member)


async def remove_member(
    change: Change, case_id: UUID, member_id: UUID, version: int, now: datetime
) -> Stored:
    """Remove a member from the team. They no longer see the case or the child."""
    case = await lock_case(change, case_id, Permission.EDIT_TEAMS)
    member = await queries.lock_member(change, case_id, member_id)
    require_version(member.version, version)
    if member.left_at is not None:
        raise StateConflict(state="left", allowed=[])
    statement = (
        update(CaseMember)
        .where(col(CaseMember.id) == member_id)
        .values(left_at=now, version=CaseMember.version + 1, changed_at=func.now())
        .returning(*queries.MEMBERS.c)
    )
    after = CaseMember(**(await change.one(statement))._mapping)
    objects = (case.id, case.person_id)
    await unrelate(change, account_holder(member.subject), TEAM, objects)
    _record(change, "remove_case_member", case, after, "left")
    return _to_stored(after)
