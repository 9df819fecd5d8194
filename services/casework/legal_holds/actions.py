"""Every change of a legal hold."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.casework.legal_holds import queries
from services.casework.legal_holds.models import LegalHold
from services.casework.legal_holds.schemas import LegalHoldCreate
from services.casework.people.queries import get_person, lock_people, place_of
from services.casework.permissions import Permission
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import StateConflict
from services.chassis.trust.vault import seal


def _record(change: Change, action: str, hold: LegalHold, event: str) -> None:
    subject = Subject(f"legal-holds/{hold.id}", hold.version, hold.county_terc)
    people = [str(hold.person_id)]
    change.record(action, subject, f"legal-hold.{event}", people=people)


async def place_hold(change: Change, new: LegalHoldCreate) -> Stored:
    """Prevent the erasure of a person's records. The hold comes wholly before an
    erasure, or finds the person erased.
    """
    await lock_people(change, [new.person_id])
    record = await get_person(change, new.person_id, Permission.RETAIN)
    hold_id: UUID = await change.scalar(func.uuidv7().select())
    # A reason names a proceeding of the family, so it is sealed like their records.
    reason = {"reason": new.reason}
    values = {
        "id": hold_id,
        "person_id": new.person_id,
        "county_terc": record.person.county_terc,
        "placed_by": change.caller.subject,
        "sealed": seal(record.key, place_of("legal_holds", hold_id), reason),
    }
    statement = insert(LegalHold).values(**values).returning(*queries.HOLDS.c)
    hold = LegalHold(**(await change.one(statement))._mapping)
    _record(change, "place_hold", hold, "placed")
    return await queries.get_shown(change, hold)


async def release_hold(
    change: Change, hold_id: UUID, version: int, now: datetime
) -> Stored:
    """Release a hold: due records may be erased again."""
    hold = await queries.lock_hold(change, hold_id)
    require_version(hold.version, version)
    # Who released a hold, and when, is evidence: a second release must not replace it.
    if hold.released_at is not None:
        raise StateConflict(state="released", allowed=[])
    statement = (
        update(LegalHold)
        .where(col(LegalHold.id) == hold_id)
        .values(
            released_at=now,
            released_by=change.caller.subject,
            version=LegalHold.version + 1,
            changed_at=func.now(),
        )
        .returning(*queries.HOLDS.c)
    )
    after = LegalHold(**(await change.one(statement))._mapping)
    _record(change, "release_hold", after, "released")
    return await queries.get_shown(change, after)
