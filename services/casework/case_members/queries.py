"""Every query on teams."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from services.casework.case_members.models import CaseMember
from services.casework.case_members.schemas import CaseMemberRead
from services.casework.cases.rules import Sector
from services.casework.problems import CaseMemberNotFound
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Change, Reading

MEMBERS = rows_of(CaseMember)


async def list_members(reading: Reading, case_id: UUID) -> Sequence[CaseMemberRead]:
    """All present and former members of the team, in the order in which they joined."""
    # No condition on the caller's reach: the case was already found within it.
    statement = select(MEMBERS).where(MEMBERS.c.case_id == case_id)
    rows = await reading.rows(statement.order_by(MEMBERS.c.joined_at, MEMBERS.c.id))
    return [CaseMemberRead.model_validate({**row._mapping}) for row in rows]


async def list_sectors(reading: Reading, case_id: UUID) -> set[Sector]:
    """The sectors of those who are in the team now."""
    statement = select(MEMBERS.c.sector).where(
        MEMBERS.c.case_id == case_id, MEMBERS.c.left_at.is_(None)
    )
    return {Sector(sector) for sector in await reading.scalars(statement)}


async def get_member(reading: Reading, case_id: UUID, member_id: UUID) -> CaseMember:
    """One present or former member of the team."""
    # No condition on the caller's reach here either.
    statement = select(MEMBERS).where(
        MEMBERS.c.id == member_id, MEMBERS.c.case_id == case_id
    )
    return await reading.instance(CaseMember, statement, CaseMemberNotFound)


async def lock_member(change: Change, case_id: UUID, member_id: UUID) -> CaseMember:
    """One member of a team, locked until the transaction ends."""
    statement = select(MEMBERS).where(
        MEMBERS.c.id == member_id, MEMBERS.c.case_id == case_id
    )
    locking = statement.with_for_update()
    return await change.instance(CaseMember, locking, CaseMemberNotFound)
