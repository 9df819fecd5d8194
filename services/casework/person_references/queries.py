"""Which columns of casework refer to people, and which columns are sealed with that
person's key.

Derived from the table classes, so that merges cover a new table automatically.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Column, LargeBinary, Row, Table, Uuid, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.casework.people.models import Person
from services.casework.people.queries import place_of
from services.casework.tables import Table as Registry
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Reading
from services.chassis.trust.relations import RELATIONS

PEOPLE = rows_of(Person)
OWN_OF_A_RECORD = frozenset(
    {
        "person_keys.person_id",
        "person_names.person_id",
        "merges.kept_id",
        "merges.merged_id",
    }
)
"""Columns that stay with a merged record: its key, its digests,
and the history of its merges.
"""
# By name, because PostgreSQL has no foreign keys for items of an array.
LISTS_OF_PEOPLE = frozenset({"support_events.present"})
OWNERS = ("person_id", "child_id")
"""The columns of the person whose key seals the row's fields."""
UNSEALED_BYTES = frozenset({"digest", "number_index", "pesel_index", "wrapped"})


class Reference(NamedTuple):
    """A column that refers to people."""

    table: Table
    column: Column[Any]

    @property
    def name(self) -> str:
        """Table and column, the key under which moved rows are stored."""
        return f"{self.table.name}.{self.column.name}"

    @property
    def is_list(self) -> bool:
        """Whether the column is an array of people."""
        return isinstance(self.column.type, ARRAY)

    @property
    def key(self) -> list[Column[Any]]:
        """The primary key columns of the table."""
        return [*self.table.primary_key.columns]

    @property
    def sealed(self) -> list[Column[Any]]:
        """The columns that are sealed with the key of the person in this column."""
        # Texts are sealed with the child's key, so a column with a guardian has no
        # sealed fields.
        if self.column.name not in OWNERS:
            return []
        binary = [each for each in self.table.c if isinstance(each.type, LargeBinary)]
        return [each for each in binary if each.name not in UNSEALED_BYTES]

    def place(self, sealed: Column[Any], row_id: UUID) -> str:
        """The place to which a sealed column of a row is bound: `table|id`, or
        `table|id|column` for a second column.
        """
        place, first = place_of(self.table.name, row_id), self.sealed[0]
        return place if sealed.name == first.name else f"{place}|{sealed.name}"


def _leads_to_people(table: Table, column: Column[Any]) -> bool:
    name = f"{table.name}.{column.name}"
    if name in OWN_OF_A_RECORD:
        return False
    if name in LISTS_OF_PEOPLE or any(
        key.column.table is PEOPLE for key in column.foreign_keys
    ):
        return True
    # Histories and parts name the child without a foreign key, because their main row
    # has one.
    return column.name == "person_id" and isinstance(column.type, Uuid)


@cache
def references() -> Sequence[Reference]:
    """All columns that refer to people, each table before those that refer to it.

    A transaction that adds a part locks the main row (the case) first. In this order
    the move waits for that row, and then finds the new part.
    """
    return [
        Reference(table, column)
        for table in Registry.metadata.sorted_tables
        for column in table.c
        if _leads_to_people(table, column)
    ]


async def list_blobs(
    reading: Reading, reference: Reference, row_id: UUID
) -> Sequence[bytes | None]:
    """The sealed columns of one row."""
    statement = select(*reference.sealed).where(reference.table.c.id == row_id)
    return [*(await reading.one(statement))]


async def list_relations(
    reading: Reading, person_id: UUID, *, except_kind: str
) -> Sequence[Row[Any]]:
    """The relations to a person, except those of one kind."""
    statement = select(RELATIONS).where(
        RELATIONS.c.object_id == person_id, RELATIONS.c.kind != except_kind
    )
    by = (RELATIONS.c.holder, RELATIONS.c.kind)
    return await reading.rows(statement.order_by(*by))
