"""Everything that is kept of one person, gone."""

import re
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    LargeBinary,
    bindparam,
    delete,
    literal,
    null,
    select,
    update,
)

from services.casework import tables
from services.casework.accounts.queries import list_subjects
from services.casework.guardianships.actions import relate_account
from services.casework.keys import SealedAnswers
from services.casework.person_records.queries import (
    PersonTable,
    list_ids,
    person_tables,
)
from services.casework.person_records.rules import DELETED, REFERENCES
from services.chassis.data.effects import place_of_answer
from services.chassis.data.work import Change
from services.chassis.trust.relations import RELATIONS

_ANSWERS = tables.Table.metadata.tables["casework.idempotency_keys"]
_ID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ANSWERS_AT_ONCE = 500


async def erase_records(change: Change, people: list[UUID]) -> None:
    """Take away what tells of these people from every table but `people`:
    keys, sealed fields, digests, relations.

    Rows stay as far as statistics need them: codes, states and days. Everybody's rows
    have to be within reach.
    """
    await _lock(change, people)
    # Before anything is deleted: a kept answer may name a row that is gone by then.
    ids = await list_ids(change, people)
    subjects = await _end_relations(change, people, ids)
    found = {kept.table.name: kept for kept in person_tables()}
    for name in DELETED:
        await _delete(change, found.pop(name), people)
    # What leads elsewhere, by another record of theirs, goes on leading there.
    for subject in subjects:
        await relate_account(change, subject)
    for kept in found.values():
        if kept.owner is not None and kept.table.name != "people":
            await _clear(change, kept, people)
    await erase_answers(change, {str(one).encode() for one in ids})


async def _lock(change: Change, people: list[UUID]) -> None:
    """Lock the rows before the key is deleted:
    whoever changes one has locked it before taking the key.
    """
    for kept in person_tables():
        if kept.owner is not None and kept.table.name not in {"people", *DELETED}:
            rows = select(kept.owner).where(kept.owner.in_(people))
            await change.rows(rows.with_for_update())


async def _end_relations(
    change: Change, people: list[UUID], ids: set[UUID]
) -> list[str]:
    """Nobody is related to these rows any more; these people's accounts, which are
    deleted next.
    """
    await change.execute(delete(RELATIONS).where(RELATIONS.c.object_id.in_(ids)))
    subjects = [each for one in people for each in await list_subjects(change, one)]
    return sorted({*subjects})


async def _delete(change: Change, kept: PersonTable, people: list[UUID]) -> None:
    if kept.owner is not None:
        await change.execute(delete(kept.table).where(kept.owner.in_(people)))


async def _clear(change: Change, kept: PersonTable, people: list[UUID]) -> None:
    values = {
        column.name: emptied
        for column in kept.table.c
        if (emptied := _emptied(column)) is not None
    }
    if values and kept.owner is not None:
        cleared = update(kept.table).where(kept.owner.in_(people))
        await change.execute(cleared.values(values))


def _emptied(column: Column[Any]) -> Any:
    """What is put in a column's place; None where it stays."""
    if isinstance(column.type, LargeBinary):
        return null() if column.nullable else literal(b"", LargeBinary)
    # Reasons stay: they are codes, and what is told in words is sealed.
    return null() if column.nullable and column.name in REFERENCES else None


async def erase_answers(
    change: Change, ids: set[bytes], subjects: Collection[str] | None = None
) -> None:
    """Empty the answers kept for repeats of a request that tell of any of these ids: of
    everybody, or of these accounts.
    """
    answers = SealedAnswers()
    kept = select(_ANSWERS.c.subject, _ANSWERS.c.key, _ANSWERS.c.body)
    if subjects is not None:
        kept = kept.where(_ANSWERS.c.subject.in_(subjects))
    kept_keys = []
    # Every kept answer is opened: sealed as a whole, none tells whom it is about.
    async for part in change.stream(kept, _ANSWERS_AT_ONCE):
        for subject, key, body in part:
            place = place_of_answer(subject, key)
            if body and not ids.isdisjoint(_ID.findall(answers.unseal(body, place))):
                kept_keys.append({"of": subject, "name": key})
    if kept_keys:
        # Emptied and not deleted: a repeat is answered 410 and not carried out again.
        emptied = update(_ANSWERS).where(
            _ANSWERS.c.subject == bindparam("of"), _ANSWERS.c.key == bindparam("name")
        )
        await change.execute(emptied.values(body=literal(b"", LargeBinary)), kept_keys)
