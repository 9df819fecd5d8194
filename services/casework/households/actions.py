"""Every change of a household."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.casework.household_members.actions import end_membership, insert_member
from services.casework.household_members.queries import (
    lock_member,
    lock_who_lives_there,
)
from services.casework.household_members.rules import leaving_code
from services.casework.households import queries
from services.casework.households.models import Household
from services.casework.households.schemas import (
    HouseholdCreate,
    HouseholdRead,
    MemberJoin,
    MemberLeave,
)
from services.casework.people.queries import lock_people, lock_person
from services.casework.permissions import Permission
from services.casework.problems import PersonNotFound
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, require_version
from services.chassis.ground.problems import (
    FieldError,
    StateConflict,
    UnknownReference,
    refuse,
)
from services.chassis.trust.access import demand


def _record(
    change: Change, action: str, household: Household, event: str, people: list[str]
) -> None:
    path = f"households/{household.id}"
    subject = Subject(path, household.version, household.county_terc)
    change.record(action, subject, f"household.{event}", people=people)


async def make_household(
    change: Change, new: HouseholdCreate, today: date
) -> HouseholdRead:
    """Record who lives together, in one of the caller's counties."""
    # The county is in the body, so the permission is checked here,
    # before anything is written.
    demand(change.caller, Permission.EDIT_HOUSEHOLDS, county=new.county_terc)
    statement = insert(Household).values(county_terc=new.county_terc)
    row = await change.one(statement.returning(*queries.HOUSEHOLDS.c))
    household = Household(**row._mapping)
    members_by_place = {
        f"/members/{number}": each for number, each in enumerate(new.members)
    }
    await _add(change, household, members_by_place, today)
    people = sorted(str(member.person_id) for member in new.members)
    _record(change, "make_household", household, "made", people)
    return await queries.get_household(change, household.id)


async def _add(
    change: Change,
    household: Household,
    members: Mapping[str, MemberJoin],
    today: date,
) -> None:
    """Add people within the caller's reach to a household; the keys of `members` are
    their places in the body.

    The people are locked in the order of their ids, so that no two changes wait for
    each other.
    """
    in_order = sorted(members.items(), key=lambda pair: pair[1].person_id)
    for place, member in in_order:
        if member.joined_on > today:
            refuse(("joined_on", "in_future"), at=place)
        try:
            permission = Permission.EDIT_HOUSEHOLDS
            record = await lock_person(change, member.person_id, permission)
        except PersonNotFound:
            # The field is wrong and not the path: 422 instead of 404.
            error = FieldError("pointer", f"{place}/person_id", "not_found")
            raise UnknownReference(error) from None
        await insert_member(
            change, household.id, record.person, member.role, member.joined_on
        )


async def _next_version(change: Change, household_id: UUID) -> Household:
    statement = (
        update(Household)
        .where(col(Household.id) == household_id)
        .values(version=Household.version + 1, changed_at=func.now())
    )
    row = await change.one(statement.returning(*queries.HOUSEHOLDS.c))
    return Household(**row._mapping)


async def join_household(
    change: Change, household_id: UUID, member: MemberJoin, today: date
) -> HouseholdRead:
    """Add a person to a household; the person may live in another one, too."""
    await lock_people(change, [member.person_id])
    household = await queries.lock_household(change, household_id)
    await _add(change, household, {"": member}, today)
    # The household is shown with its members, so its ETag must change with them.
    after = await _next_version(change, household_id)
    people = [str(member.person_id)]
    _record(change, "join_household", after, "member-joined", people)
    return await queries.get_household(change, household_id)


async def leave_household(
    change: Change,
    household_id: UUID,
    member_id: UUID,
    leave: MemberLeave,
    version: int,
    today: date,
) -> HouseholdRead:
    """Record that a member left a household; the membership stays as history."""
    await lock_who_lives_there(change, member_id)
    household = await queries.lock_household(change, household_id)
    member = await lock_member(change, household_id, member_id)
    require_version(household.version, version)
    if member.left_on is not None:
        raise StateConflict(state="left", allowed=[])
    if code := leaving_code(member.joined_on, leave.left_on, today):
        refuse(("left_on", code))
    await end_membership(change, member_id, leave.left_on)
    after = await _next_version(change, household_id)
    people = [str(member.person_id)]
    _record(change, "leave_household", after, "member-left", people)
    return await queries.get_household(change, household_id)
