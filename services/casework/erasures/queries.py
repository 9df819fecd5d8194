"""Every query about people who were erased or are to be erased."""

from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from services.casework.erasures.models import Tombstone
from services.casework.keys import keyring
from services.casework.people.models import Person
from services.casework.people.queries import PEOPLE, lock_people
from services.casework.problems import PersonNotFound
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Change, Reading

TOMBSTONES = rows_of(Tombstone)


def digest_of(person_id: UUID) -> bytes:
    """The digest of a person that a tombstone keeps."""
    # Of the id: not everybody has a PESEL, and in a restored database ids are the same.
    return keyring().digest("tombstone", str(person_id))


async def lock_person_to_erase(change: Change, person_id: UUID) -> Person:
    """A person's row, locked against changes,
    but not against new rows that refer to it.

    A transaction that has locked the key and adds such a row is waited for when the key
    is deleted. Records merged into this one are locked with it,
    in the order of their ids.
    """
    records = or_(PEOPLE.c.id == person_id, PEOPLE.c.merged_into == person_id)
    await lock_people(change, select(PEOPLE.c.id).where(records))
    statement = select(PEOPLE).where(PEOPLE.c.id == person_id)
    locking = statement.with_for_update(key_share=True)
    return await change.instance(Person, locking, PersonNotFound)


async def list_merged(reading: Reading, person_id: UUID) -> list[UUID]:
    """The ids of the records that were merged into a person's record."""
    statement = select(PEOPLE.c.id).where(
        PEOPLE.c.merged_into == person_id, PEOPLE.c.erased_at.is_(None)
    )
    return [*await reading.scalars(statement.order_by(PEOPLE.c.id))]


async def list_tombstones(
    reading: Reading, since: datetime | None = None
) -> list[Tombstone]:
    """All tombstones, or those since a time, the oldest first."""
    statement = select(TOMBSTONES).order_by(TOMBSTONES.c.erased_at, TOMBSTONES.c.digest)
    if since is not None:
        statement = statement.where(TOMBSTONES.c.erased_at >= since)
    return [Tombstone(**row._mapping) for row in await reading.rows(statement)]


async def stream_people_with(
    reading: Reading, digests: Iterable[bytes]
) -> AsyncIterator[tuple[bytes, UUID]]:
    """The people who are not erased and whose digest is one of these."""
    digest_set = set(digests)
    statement = select(PEOPLE.c.id).where(PEOPLE.c.erased_at.is_(None))
    # A digest cannot be turned back into an id, so the digest of every person is
    # computed, in batches.
    async for part in reading.stream(statement, 5_000):
        for [person_id] in part:
            digest = digest_of(person_id)
            if digest in digest_set:
                yield digest, person_id
