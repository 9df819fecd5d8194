"""Rotation of keys while the service runs: `python -m services.casework.rotating`.

Every person's key is wrapped again with the newest wrapping key; the key itself and the
fields sealed with it do not change. It may be stopped and started again at any time: it
continues with keys that are not wrapped by the newest key yet.

`python -m services.casework.rotating digests` computes all digests again, for a new
index key. The service must be stopped for it, because a digest
of the old key finds nobody.
"""

import asyncio
import sys
from typing import Any
from uuid import UUID

from sqlalchemy import LargeBinary, bindparam, func, literal, select, tuple_, update
from sqlmodel import col

from services.casework.documents.actions import redigest_documents
from services.casework.erasures.actions import add_tombstone
from services.casework.erasures.models import Tombstone
from services.casework.erasures.queries import digest_of
from services.casework.keys import SealedAnswers, keyring, opened
from services.casework.people.actions import change_person
from services.casework.people.models import PersonKey
from services.casework.people.queries import KEYS, PEOPLE, get_person
from services.casework.permissions import Permission
from services.casework.restoring import copy_tombstones
from services.casework.settings import CaseworkSettings
from services.casework.tables import Table
from services.chassis.data.database import Database
from services.chassis.data.effects import Subject, place_of_answer
from services.chassis.data.work import Change
from services.chassis.trust.callers import Caller, Reach
from services.chassis.trust.vault import WrappedKey

# Of all counties, so that no person is left out.
ROTATOR = Caller(
    "casework: rotation",
    counties=frozenset({"*"}),
    permissions={Permission.EDIT_PEOPLE: (Reach.EVERYWHERE,)},
)
# The rows of a batch are locked, so it is small enough not to disturb requests.
AT_ONCE = 500
_NOBODY = UUID(int=0)
_ANSWERS = Table.metadata.tables["casework.idempotency_keys"]


async def rewrap_keys(database: Database, at_once: int = AT_ONCE) -> int:
    """Wrap every person's key with the newest wrapping key, in batches;
    returns their number.

    Requests that seal only read the keys and do not wait for it; it waits for erasures.
    """
    done, last = 0, _NOBODY
    while True:
        async with database.change(ROTATOR) as change:
            rewrapped = await _rewrap_some(change, last, at_once)
        if not rewrapped:
            return done
        done, last = done + len(rewrapped), rewrapped[-1]


async def _rewrap_some(change: Change, after: UUID, at_once: int) -> list[UUID]:
    ring = keyring()
    statement = (
        select(KEYS.c.person_id, KEYS.c.keyring_id, KEYS.c.wrapped)
        .where(KEYS.c.keyring_id != ring.current, KEYS.c.person_id > after)
        .order_by(KEYS.c.person_id)
        .limit(at_once)
        # Requests that seal lock a key FOR KEY SHARE,
        # which does not conflict with this lock.
        .with_for_update(key_share=True)
    )
    people = []
    for person_id, keyring_id, wrapped in await change.rows(statement):
        key = ring.unwrap(WrappedKey(keyring_id, wrapped), person_id)
        new = ring.wrap(key, person_id)
        update_key = update(PersonKey).where(col(PersonKey.person_id) == person_id)
        await change.execute(
            update_key.values(keyring_id=new.keyring_id, wrapped=new.blob)
        )
        people.append(person_id)
    if people:
        subject = Subject("person-keys")
        change.record("rewrap_keys", subject, keyring_id=ring.current, keys=len(people))
    return people


async def rewrap_answers(database: Database, at_once: int = AT_ONCE) -> int:
    """Seal the answers stored for repeats with the newest wrapping key;
    returns their number.
    """
    done, last = 0, ("", "")
    while True:
        async with database.change(ROTATOR) as change:
            rewrapped = await _rewrap_some_answers(change, last, at_once)
        if not rewrapped:
            return done
        done, last = done + len(rewrapped), rewrapped[-1]


async def _rewrap_some_answers(
    change: Change, after: tuple[str, str], at_once: int
) -> list[tuple[str, str]]:
    columns, answers = _ANSWERS.c, SealedAnswers()
    newest = f"{keyring().current}\n".encode()
    begins = func.substring(columns.body, 1, len(newest), type_=LargeBinary)
    statement = (
        select(columns.subject, columns.key, columns.body)
        .where(
            # Answers emptied by an erasure have nothing to seal.
            columns.body != literal(b"", LargeBinary),
            # A sealed answer begins with the name of its key (`SealedAnswers`).
            begins != newest,
            tuple_(columns.subject, columns.key) > tuple_(*after),
        )
        .order_by(columns.subject, columns.key)
        .limit(at_once)
        .with_for_update()
    )
    values: list[dict[str, Any]] = []
    for subject, key, body in await change.rows(statement):
        place = place_of_answer(subject, key)
        sealed = answers.seal(answers.unseal(body, place), place)
        values.append({"of": subject, "name": key, "sealed": sealed})
    if values:
        conditions = (
            columns.subject == bindparam("of"),
            columns.key == bindparam("name"),
        )
        changed = update(_ANSWERS).where(*conditions).values(body=bindparam("sealed"))
        await change.execute(changed, values)
    return [(value["of"], value["name"]) for value in values]


async def recompute_digests(database: Database) -> int:
    """Compute the digests of people and of tombstones again with the present index key;
    returns the number of people.
    """
    async with database.snapshot(ROTATOR) as reading:
        statement = select(PEOPLE.c.id, PEOPLE.c.county_terc, PEOPLE.c.erased_at)
        people = await reading.rows(statement.order_by(PEOPLE.c.id))
    for person_id, county_terc, erased_at in people:
        async with database.change(ROTATOR) as change:
            if erased_at is None:
                locked = select(PEOPLE.c.id).where(PEOPLE.c.id == person_id)
                await change.one(locked.with_for_update())
                record = await get_person(change, person_id, Permission.EDIT_PEOPLE)
                await change_person(change, record, {})
                await redigest_documents(change, person_id, record.key)
            else:
                # A new tombstone: the one with the old key matches nobody any more.
                stone = Tombstone(
                    digest=digest_of(person_id),
                    county_terc=county_terc,
                    basis="new index key",
                    approved_by=ROTATOR.subject,
                    erased_at=erased_at,
                )
                await add_tombstone(change, stone)
    return len(people)


async def _rotate(task: str) -> None:
    settings = CaseworkSettings()
    with opened(settings):
        database = Database(settings, "casework")
        try:
            if task == "digests":
                report = f"digests of {await recompute_digests(database)} people\n"
                # After a restore the file is compared with the database's tombstones.
                if settings.tombstone_file is not None:
                    await copy_tombstones(database, settings.tombstone_file)
            else:
                keys = await rewrap_keys(database)
                answers = await rewrap_answers(database)
                report = f"{keys} keys and {answers} answers are wrapped anew\n"
        finally:
            await database.close()
    sys.stdout.write(report)


if __name__ == "__main__":
    asyncio.run(_rotate(sys.argv[1] if len(sys.argv) > 1 else "keys"))
