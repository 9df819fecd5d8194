"""All data that are kept about a person. The list of tables is derived, so that a new
table cannot be forgotten.
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
    """A table with rows about people: the column of the person whom a row is about, and
    columns that name other people.
    """

    table: Table
    owner: Column[Any] | None
    mentions: tuple[Column[Any], ...]


class Mention(NamedTuple):
    """A row about somebody else that names a person in a column, such as `guardian_id`."""

    table: str
    column: str
    id: UUID


@cache
def person_tables() -> tuple[PersonTable, ...]:
    """All tables of the service with a column that refers to a person, in the order of
    their foreign keys.
    """
    # Tables of slices that are not imported yet may have rows, too.
    import_models("services.casework")
    candidates = [_person_table(each) for each in tables.Table.metadata.sorted_tables]
    return tuple(each for each in candidates if each.owner is not None or each.mentions)


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
    """The rows about a person by table, opened, without data about others."""
    rows_by_table: dict[str, Rows] = {}
    for person_table in person_tables():
        if person_table.owner is not None and person_table.table.name not in LEFT_OUT:
            rows = await reading.rows(
                select(person_table.table)
                .where(person_table.owner == person_id)
                .order_by(*person_table.table.primary_key)
            )
            rows_by_table[person_table.table.name] = [
                _record_of(person_table, dict(row._mapping), key) for row in rows
            ]
    return rows_by_table


def _record_of(
    person_table: PersonTable, row: dict[str, Any], key: bytes
) -> dict[str, Any]:
    # A copy must not contain data about others (GDPR, art. 15(4)).
    others = {column.name for column in person_table.mentions}
    name = person_table.table.name
    record = {
        column.name: row[column.name]
        for column in person_table.table.c
        if column.name not in others | REFERENCES
        and not isinstance(column.type, LargeBinary)
        and not tells_of_staff(name, column.name)
    }
    # The reason for an emergency access may concern the very people from whom a child
    # must be protected.
    if name != "break_glass":
        place = place_of(name, row["id"]) if "id" in row else ""
        for column_name in SEALED:
            if row.get(column_name):
                record |= unseal(key, place, row[column_name])
    return record


async def list_mentions(reading: Reading, person_id: UUID) -> list[Mention]:
    """The rows about others that name a person: table, column and id, but not whom they
    are about.
    """
    return [
        Mention(person_table.table.name, column.name, row_id)
        for person_table in person_tables()
        for column in person_table.mentions
        for row_id in await reading.scalars(
            select(person_table.table.c.id)
            .where(column == person_id)
            .order_by(person_table.table.c.id)
        )
    ]


async def list_ids(reading: Reading, people: list[UUID]) -> set[UUID]:
    """The ids of all rows about these people, and their own."""
    ids = set(people)
    for person_table in person_tables():
        # Histories have no ids: they belong to the row of which they are a part.
        if person_table.owner is not None and "id" in person_table.table.c:
            statement = select(person_table.table.c.id).where(
                person_table.owner.in_(people)
            )
            ids.update(await reading.scalars(statement))
    return ids
