"""Every change of a withholding."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.casework.access_withholdings import queries
from services.casework.access_withholdings.models import AccessWithholding
from services.casework.access_withholdings.schemas import WithholdingCreate
from services.casework.people.queries import get_person, lock_people, place_of
from services.casework.permissions import Permission
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import StateConflict, refuse
from services.chassis.trust.vault import seal

PATH = "access-log/withholdings"
_SEALED = {"reason"}


def _record(change: Change, action: str, withholding: AccessWithholding) -> None:
    """An audit record without an event: followers
    of events must not learn of it either.
    """
    path = f"{PATH}/{withholding.id}"
    subject = Subject(path, withholding.version, withholding.county_terc)
    change.record(action, subject, people=[str(withholding.person_id)])


async def withhold_entries(change: Change, new: WithholdingCreate) -> Stored:
    """Withhold entries of a person's access log from its guardians, with a reason."""
    await lock_people(change, [new.person_id])
    record = await get_person(change, new.person_id, Permission.DECIDE_REQUESTS)
    if new.withheld_to is not None and new.withheld_to <= new.withheld_from:
        refuse(("withheld_to", "wrong_order"))
    # The id is made first: the sealed field is bound to it.
    withholding_id: UUID = await change.scalar(func.uuidv7().select())
    place = place_of("access_withholdings", withholding_id)
    values = new.model_dump(exclude=_SEALED) | {
        "id": withholding_id,
        "county_terc": record.person.county_terc,
        "placed_by": change.caller.subject,
        "sealed": seal(record.key, place, new.model_dump(include=_SEALED)),
    }
    statement = (
        insert(AccessWithholding).values(**values).returning(*queries.WITHHOLDINGS.c)
    )
    withholding = AccessWithholding(**(await change.one(statement))._mapping)
    _record(change, "withhold_access_log", withholding)
    return await queries.get_shown(change, withholding)


async def release_entries(
    change: Change, withholding_id: UUID, version: int, now: datetime
) -> Stored:
    """Let the guardians see the withheld entries from now on."""
    withholding = await queries.lock_withholding(change, withholding_id)
    require_version(withholding.version, version)
    released_at = withholding.visible_after
    # A release date in the future may still be brought forward.
    if released_at is not None and released_at <= now:
        raise StateConflict(state="released", allowed=[])
    statement = (
        update(AccessWithholding)
        .where(col(AccessWithholding.id) == withholding_id)
        .values(
            visible_after=now,
            version=AccessWithholding.version + 1,
            changed_at=func.now(),
        )
        .returning(*queries.WITHHOLDINGS.c)
    )
    after = AccessWithholding(**(await change.one(statement))._mapping)
    _record(change, "release_access_log", after)
    return await queries.get_shown(change, after)
