"""Changes of the members of households, called by households and births."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.casework.household_members.models import HouseholdMember
from services.casework.people.models import Person
from services.chassis.data.work import Change


async def insert_member(
    change: Change, household_id: UUID, person: Person, role: str, joined_on: date
) -> None:
    """Add a person to a household from a day on. Raises AlreadyInHousehold."""
    # No audit record here: households and births record it with all people concerned.
    statement = insert(HouseholdMember).values(
        household_id=household_id,
        person_id=person.id,
        county_terc=person.county_terc,
        role=role,
        joined_on=joined_on,
    )
    await change.execute(statement)


async def end_membership(change: Change, member_id: UUID, left_on: date) -> None:
    """Record the day on which a member left."""
    statement = (
        update(HouseholdMember)
        .where(col(HouseholdMember.id) == member_id)
        .values(
            left_on=left_on,
            version=HouseholdMember.version + 1,
            changed_at=func.now(),
        )
    )
    await change.execute(statement)
