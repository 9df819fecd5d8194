"""Erasing all data that are kept about a person."""

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
    """Erase the data about these people in every table but `people`: keys, sealed
    fields, digests, relations.

    Rows stay with what statistics need: codes, states and days. All rows must be within
    the session's reach.
    """
    await _lock(change, people)
    # Before anything is deleted: a stored answer may name a row that is deleted below.
    ids = await list_ids(change, people)
    subjects = await _end_relations(change, people, ids)
    tables_by_name = {
        person_table.table.name: person_table for person_table in person_tables()
    }
    for name in DELETED:
        await _delete(change, tables_by_name.pop(name), people)
    # Accounts that are also joined to records in other counties keep access to those.
    for subject in subjects:
        await relate_account(change, subject)
    for person_table in tables_by_name.values():
        if person_table.owner is not None and person_table.table.name != "people":
            await _clear(change, person_table, people)
    await erase_answers(change, {str(row_id).encode() for row_id in ids})


async def _lock(change: Change, people: list[UUID]) -> None:
    """Lock the rows before the key is deleted: every change locks the row before it
    uses the key.
    """
    for person_table in person_tables():
        if person_table.owner is not None and person_table.table.name not in {
            "people",
            *DELETED,
        }:
            rows = select(person_table.owner).where(person_table.owner.in_(people))
            await change.rows(rows.with_for_update())


async def _end_relations(
    change: Change, people: list[UUID], ids: set[UUID]
) -> list[str]:
    """Delete all relations to these rows; returns the subjects of the people's
    accounts, which are deleted next.
    """
    await change.execute(delete(RELATIONS).where(RELATIONS.c.object_id.in_(ids)))
    subjects = [
        each for person_id in people for each in await list_subjects(change, person_id)
    ]
    return sorted({*subjects})


async def _delete(
    change: Change, person_table: PersonTable, people: list[UUID]
) -> None:
    if person_table.owner is not None:
        await change.execute(
            delete(person_table.table).where(person_table.owner.in_(people))
        )


async def _clear(change: Change, person_table: PersonTable, people: list[UUID]) -> None:
    values = {
        column.name: emptied
        for column in person_table.table.c
        if (emptied := _emptied(column)) is not None
    }
    if values and person_table.owner is not None:
        cleared = update(person_table.table).where(person_table.owner.in_(people))
        await change.execute(cleared.values(values))


def _emptied(column: Column[Any]) -> Any:
    """The SQL value that empties a column; None where the column stays."""
    if isinstance(column.type, LargeBinary):
        return null() if column.nullable else literal(b"", LargeBinary)
    # Reasons stay, because they are codes; texts are sealed.
    return null() if column.nullable and column.name in REFERENCES else None


async def erase_answers(
    change: Change, ids: set[bytes], subjects: Collection[str] | None = None
) -> None:
    """Empty the stored answers (for repeats of a request) that contain any of these
    ids: of all accounts, or of these.
    """
    answers = SealedAnswers()
    statement = select(_ANSWERS.c.subject, _ANSWERS.c.key, _ANSWERS.c.body)
    if subjects is not None:
        statement = statement.where(_ANSWERS.c.subject.in_(subjects))
    answer_keys = []
    # Every stored answer is opened: it is sealed as a whole, and does not show whom it
    # is about.
    async for part in change.stream(statement, _ANSWERS_AT_ONCE):
        for subject, key, body in part:
            place = place_of_answer(subject, key)
            if body and not ids.isdisjoint(_ID.findall(answers.unseal(body, place))):
                answer_keys.append({"of": subject, "name": key})
    if answer_keys:
        # Emptied and not deleted: a repeated request gets 410
        # and is not carried out again.
        emptied = update(_ANSWERS).where(
            _ANSWERS.c.subject == bindparam("of"), _ANSWERS.c.key == bindparam("name")
        )
        await change.execute(
            emptied.values(body=literal(b"", LargeBinary)), answer_keys
        )
