"""New keys in the place of old ones, while the service runs: `python -m
services.casework.rotating`.

What every person's key is wrapped by changes; the key, and what is sealed with it,
stay. It may be stopped at any time and started again: it goes on with what is still
wrapped by another key than the newest.

`python -m services.casework.rotating digests` computes every digest anew, for a new
index key. The service has to be stopped meanwhile: nobody is found by a digest of the
old key.
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

# Of all counties: rotating passes nobody over.
ROTATOR = Caller(
    "casework: rotation",
    counties=frozenset({"*"}),
    permissions={Permission.EDIT_PEOPLE: (Reach.EVERYWHERE,)},
)
# Rows are locked meanwhile: so few that nobody notices.
AT_ONCE = 500
_NOBODY = UUID(int=0)
_ANSWERS = Table.metadata.tables["casework.idempotency_keys"]


async def rewrap_keys(database: Database, at_once: int = AT_ONCE) -> int:
    """Wrap every person's key by the newest wrapping key, some at once; how many that
    were.

    Keys are only read by whoever seals meanwhile: nobody waits for it, and it waits for
    whoever erases.
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
        # Whoever seals holds a key FOR KEY SHARE, and is not waited for by this.
        .with_for_update(key_share=True)
    )
    people = []
    for person_id, keyring_id, wrapped in await change.rows(statement):
        key = ring.unwrap(WrappedKey(keyring_id, wrapped), person_id)
        new = ring.wrap(key, person_id)
        mine = update(PersonKey).where(col(PersonKey.person_id) == person_id)
        await change.execute(mine.values(keyring_id=new.keyring_id, wrapped=new.blob))
        people.append(person_id)
    if people:
        subject = Subject("person-keys")
        change.record("rewrap_keys", subject, keyring_id=ring.current, keys=len(people))
    return people


async def rewrap_answers(database: Database, at_once: int = AT_ONCE) -> int:
    """Seal the answers that are kept for repeats by the newest wrapping key; how many
    that were.
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
            # What an erasure has emptied holds nothing to be sealed.
            columns.body != literal(b"", LargeBinary),
            # The name of the key stands in front of what it wrapped (`SealedAnswers`).
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
        mine = (columns.subject == bindparam("of"), columns.key == bindparam("name"))
        changed = update(_ANSWERS).where(*mine).values(body=bindparam("sealed"))
        await change.execute(changed, values)
    return [(value["of"], value["name"]) for value in values]


async def recompute_digests(database: Database) -> int:
    """Compute what people are found by, and who was erased, with the index key of now;
    how many people that were.
    """
    async with database.snapshot(ROTATOR) as reading:
        statement = select(PEOPLE.c.id, PEOPLE.c.county_terc, PEOPLE.c.erased_at)
        people = await reading.rows(statement.order_by(PEOPLE.c.id))
    for person_id, county_terc, erased_at in people:
        async with database.change(ROTATOR) as change:
            if erased_at is None:
                locked = select(PEOPLE.c.id).where(PEOPLE.c.id == person_id)
                await change.one(locked.with_for_update())
                known = await get_person(change, person_id, Permission.EDIT_PEOPLE)
                await change_person(change, known, {})
                await redigest_documents(change, person_id, known.key)
            else:
                # The one under the old key finds nobody any more, and its digest tells
                # nobody.
                stone = Tombstone(
                    digest=digest_of(person_id),
                    county_terc=county_terc,
                    basis="new index key",
                    approved_by=ROTATOR.subject,
                    erased_at=erased_at,
                )
                await add_tombstone(change, stone)
    return len(people)


async def _rotate(what: str) -> None:
    settings = CaseworkSettings()
    with opened(settings):
        database = Database(settings, "casework")
        try:
            if what == "digests":
                report = f"digests of {await recompute_digests(database)} people\n"
                # After a restore the file is compared with what the database knows.
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
