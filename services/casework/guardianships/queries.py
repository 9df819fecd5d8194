"""Every question asked of the guardianships."""

from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from services.casework.guardianships.models import Guardianship
from services.casework.people.queries import PEOPLE, get_person
from services.casework.people.rules import of_age_on
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Reading

GUARDIANSHIPS = rows_of(Guardianship)


async def may_act_for(
    reading: Reading, child_id: UUID, person_id: UUID, day: date
) -> bool:
    """Whether somebody acts for a child on a day: its guardian then, or the mother who expects it.

    Whoever is of age acts alone; a child does not act for itself.
    """
    columns = GUARDIANSHIPS.c
    guards = select(columns.id).where(
        columns.child_id == child_id,
        columns.guardian_id == person_id,
        columns.starts_on <= day,
        or_(columns.ends_on.is_(None), columns.ends_on >= day),
        or_(columns.ended_on.is_(None), columns.ended_on > day),
    )
    expects = select(PEOPLE.c.id).where(
        PEOPLE.c.id == child_id, PEOPLE.c.mother_id == person_id
    )
    return await reading.find(guards.union(expects).limit(1)) is not None


async def has_somebody_acting(reading: Reading, child_id: UUID, day: date) -> bool:
    """Whether somebody acts for a child on a day: a guardian, the mother who expects it, or the pupil who is of age."""
    columns = GUARDIANSHIPS.c
    guards = select(columns.id).where(
        columns.child_id == child_id,
        columns.starts_on <= day,
        or_(columns.ends_on.is_(None), columns.ends_on >= day),
        or_(columns.ended_on.is_(None), columns.ended_on > day),
    )
    expects = select(PEOPLE.c.id).where(
        PEOPLE.c.id == child_id, PEOPLE.c.mother_id.is_not(None)
    )
    if await reading.find(guards.union(expects).limit(1)) is not None:
        return True
    born_on = (await get_person(reading, child_id)).identity.born_on
    return born_on is not None and of_age_on(born_on) <= day
