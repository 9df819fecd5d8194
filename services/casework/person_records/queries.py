"""Everything that is kept of one person, derived from the tables:
a new one cannot be forgotten.
"""

from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Column, LargeBinary, Table, select

from services.casework import tables
from services.casework.people.queries import place_of
from services.casework.person_records.rules import (
    LEFT_OUT,
    OWNERS,
    REFERENCES,
    SEALED,
    tells_of_staff,
)
from services.chassis.data.tables import import_models
from services.chassis.data.work import Reading
from services.chassis.trust.vault import unseal

PEOPLE = "casework.people.id"
Rows = list[dict[str, Any]]


class PersonTable(NamedTuple):
    """A table with rows about people:
    which column says whose a row is, and which ones name somebody else.
    """

    table: Table
    owner: Column[Any] | None
    mentions: tuple[Column[Any], ...]


class Mention(NamedTuple):
    """A row about somebody else in which a person stands as something,
    such as a guardian.
    """

    table: str
    column: str
    id: UUID


@cache
def person_tables() -> tuple[PersonTable, ...]:
    """Every table of the service that has a column leading to a person, in the order of
    their foreign keys.
    """
    # A slice that nothing has used yet has rows all the same.
    import_models("services.casework")
    found = [_person_table(each) for each in tables.Table.metadata.sorted_tables]
    return tuple(each for each in found if each.owner is not None or each.mentions)


def _person_table(table: Table) -> PersonTable:
    if table.name == "people":
        owner: Column[Any] | None = table.c.id
    else:
        owner = next((table.c[name] for name in OWNERS if name in table.c), None)
    leading = [
        column
        for column in table.c
        if any(key.target_fullname == PEOPLE for key in column.foreign_keys)
    ]
    return PersonTable(
        table, owner, tuple(each for each in leading if each is not owner)
    )


async def list_records(
    reading: Reading, person_id: UUID, key: bytes
) -> dict[str, Rows]:
    """The rows about a person by table, opened, without what tells of others."""
    found: dict[str, Rows] = {}
    for kept in person_tables():
        if kept.owner is not None and kept.table.name not in LEFT_OUT:
            rows = await reading.rows(
                select(kept.table)
                .where(kept.owner == person_id)
                .order_by(*kept.table.primary_key)
            )
            found[kept.table.name] = [
                _record_of(kept, dict(row._mapping), key) for row in rows
            ]
    return found


def _record_of(kept: PersonTable, row: dict[str, Any], key: bytes) -> dict[str, Any]:
    # A copy must not tell of other people (GDPR, art. 15(4)).
    others = {column.name for column in kept.mentions}
    name = kept.table.name
    record = {
        column.name: row[column.name]
        for column in kept.table.c
        if column.name not in others | REFERENCES
        and not isinstance(column.type, LargeBinary)
        and not tells_of_staff(name, column.name)
    }
    # Why somebody looked in an emergency may be what a child is to be protected from.
    if name != "break_glass":
        place = place_of(name, row["id"]) if "id" in row else ""
        for column_name in SEALED:
            if row.get(column_name):
                record |= unseal(key, place, row[column_name])
    return record


async def list_mentions(reading: Reading, person_id: UUID) -> list[Mention]:
    """Where a person stands in rows about others:
    which row and as what, not whose it is.
    """
    return [
        Mention(kept.table.name, column.name, row_id)
        for kept in person_tables()
        for column in kept.mentions
        for row_id in await reading.scalars(
            select(kept.table.c.id).where(column == person_id).order_by(kept.table.c.id)
        )
    ]


async def list_ids(reading: Reading, people: list[UUID]) -> set[UUID]:
    """The ids of all rows about these people, and their own."""
    ids = set(people)
    for kept in person_tables():
        # Histories have no ids of their own: they go by the row that they are part of.
        if kept.owner is not None and "id" in kept.table.c:
            statement = select(kept.table.c.id).where(kept.owner.in_(people))
            ids.update(await reading.scalars(statement))
    return ids
