"""Erasing a person: first the key, so that nothing can be opened any more,
then the rest.
"""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, null, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from services.casework.erasures import queries
from services.casework.erasures.models import Tombstone
from services.casework.legal_holds.queries import require_no_hold
from services.casework.people.models import Person
from services.casework.people.rules import PersonKind
from services.casework.person_records.actions import erase_records
from services.chassis.data.effects import Subject
from services.chassis.data.relating import acting_everywhere
from services.chassis.data.work import Change
from services.chassis.trust.vault import Erased

_NOTHING = {
    # An expected child must have an expected day, which is erased,
    # so the kind is changed.
    "kind": PersonKind.BORN.value,
    "sex": null(),
    "birth_month": null(),
    "expected_on": null(),
    "pregnancy_ended_on": null(),
    "sealed": b"",
    "pesel_index": null(),
    "mother_id": null(),
    "expected_with_id": null(),
    "restricted_at": null(),
    # A new random reference: the results of screenings stay, but lead to nobody.
    "subject_ref": func.gen_random_uuid(),
}


class Approval(NamedTuple):
    """The legal basis of an erasure, who decided it, and when."""

    basis: str
    approved_by: str
    at: datetime


async def erase_person(
    change: Change, person_id: UUID, approval: Approval, *, is_repeated: bool = False
) -> None:
    """Erase a person, with every record that was merged into theirs. It cannot be
    undone: the key of the sealed fields is deleted.

    The emptied row stays, so that a request for it is answered with Erased. Raises
    PersonNotFound, Erased or LegalHoldPlaced; a hold does not stop an erasure that is
    only `is_repeated` after a restore.
    """
    async with acting_everywhere(change):
        person = await queries.lock_person_to_erase(change, person_id)
        if person.erased_at is not None:
            raise Erased()
        people = [person_id, *await queries.list_merged(change, person_id)]
        # Lifted first: a restriction would also prevent the rows from being emptied.
        lifted = update(Person).where(col(Person.id).in_(people))
        await change.execute(lifted.values(restricted_at=null()))
        if not is_repeated:
            await require_no_hold(change, people)
        await erase_records(change, people)
        for each_id in people:
            await _empty(change, each_id, approval)


async def _empty(change: Change, person_id: UUID, approval: Approval) -> None:
    statement = (
        update(Person)
        .where(col(Person.id) == person_id)
        .values(
            **_NOTHING,
            erased_at=approval.at,
            version=Person.version + 1,
            changed_at=func.now(),
        )
        .returning(col(Person.version), col(Person.county_terc))
    )
    row = await change.one(statement)
    # In the same transaction: there is no erasure without a tombstone.
    digest = queries.digest_of(person_id)
    await add_tombstone(
        change,
        Tombstone(
            digest=digest,
            county_terc=row.county_terc,
            basis=approval.basis,
            approved_by=approval.approved_by,
            erased_at=approval.at,
        ),
    )
    subject = Subject(f"people/{person_id}", row.version, row.county_terc)
    people = [str(person_id)]
    change.record("erase_person", subject, "person.erased", people=people)


async def add_tombstone(change: Change, tombstone: Tombstone) -> None:
    """Add a tombstone, unless it exists."""
    added = insert(Tombstone).values(**tombstone.model_dump())
    # An erasure repeated after a restore may find its tombstone already there.
    await change.execute(added.on_conflict_do_nothing())
