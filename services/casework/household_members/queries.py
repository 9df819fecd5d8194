"""Every query on the members of households."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from services.casework.household_members.models import HouseholdMember
from services.casework.people.queries import lock_people
from services.casework.permissions import Permission
from services.casework.problems import HouseholdMemberNotFound
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Change, Reading
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller

MEMBERS = rows_of(HouseholdMember)
WIRE = ("id", "person_id", "role", "joined_on", "left_on")
"""The columns of a member that are shown."""
# Without guardians: other members of the household may be protected from them.
_RELATED = dict.fromkeys(("team", "break_glass"), MEMBERS.c.person_id)


def _reach(caller: Caller) -> ColumnElement[bool]:
    """SQL condition: the membership gives the caller access to the household. All
    memberships in the caller's counties do, and the present memberships of people to
    whom the caller has a relation.
    """
    permission = Permission.READ_HOUSEHOLDS
    in_county = within(caller, permission, county=MEMBERS.c.county_terc)
    related = within(caller, permission, objects=_RELATED)
    # Otherwise a team would see all former families of a child.
    return or_(in_county, and_(related, MEMBERS.c.left_on.is_(None)))


async def list_households_of(reading: Reading, person_id: UUID) -> list[UUID]:
    """The households of a person that are within the caller's reach."""
    statement = select(MEMBERS.c.household_id).distinct()
    statement = statement.where(
        MEMBERS.c.person_id == person_id, _reach(reading.caller)
    )
    return [*await reading.scalars(statement)]


async def household_is_reached(reading: Reading, household_id: UUID) -> bool:
    """Whether the caller may see a household, because of one of its members."""
    statement = select(MEMBERS.c.id).where(
        MEMBERS.c.household_id == household_id, _reach(reading.caller)
    )
    return await reading.scalar(statement.limit(1)) is not None


def members_of(household_id: ColumnElement[UUID]) -> ColumnElement[object]:
    """The members of a household as JSON, former ones included."""
    pairs = [part for name in WIRE for part in (name, MEMBERS.c[name])]
    # A subquery, so that a page of households needs only one statement.
    each = aggregate_order_by(
        func.jsonb_build_object(*pairs), MEMBERS.c.joined_on, MEMBERS.c.id
    )
    members = select(func.jsonb_agg(each)).where(MEMBERS.c.household_id == household_id)
    return members.scalar_subquery()


async def lock_who_lives_there(change: Change, member_id: UUID) -> None:
    """Lock the person of a membership, before the household and the membership."""
    person_ids = select(MEMBERS.c.person_id).where(MEMBERS.c.id == member_id)
    await lock_people(change, person_ids)


async def lock_member(
    change: Change, household_id: UUID, member_id: UUID
) -> HouseholdMember:
    """One member of a household that the caller has locked; HouseholdMemberNotFound."""
    columns = MEMBERS.c
    is_member = (columns.id == member_id) & (columns.household_id == household_id)
    statement = select(MEMBERS).where(is_member).with_for_update()
    return await change.instance(HouseholdMember, statement, HouseholdMemberNotFound)


async def list_current(reading: Reading, person_id: UUID) -> list[HouseholdMember]:
    """The present memberships of a person."""
    statement = select(MEMBERS).where(
        MEMBERS.c.person_id == person_id, MEMBERS.c.left_on.is_(None)
    )
    rows = await reading.rows(statement.order_by(MEMBERS.c.id))
    return [HouseholdMember(**row._mapping) for row in rows]
