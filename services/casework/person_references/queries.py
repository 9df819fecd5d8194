"""Which rows of casework lead to a person, by which column, and what in them is sealed
under that person's key.

Derived from the table classes,
so that a new table is part of a merge without a word here.
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
"""What stays with a record that becomes part of another:
its key, its digests, and the story of its merges.
"""
# By name: PostgreSQL has no foreign keys for the members of a list.
LISTS_OF_PEOPLE = frozenset({"support_events.present"})
OWNERS = ("person_id", "child_id")
"""By whose key the sealed columns of a row are sealed: its child's, or the person's whom it is about."""
UNSEALED_BYTES = frozenset({"digest", "number_index", "pesel_index", "wrapped"})


class Reference(NamedTuple):
    """A column that leads to people."""

    table: Table
    column: Column[Any]

    @property
    def name(self) -> str:
        """Table and column, as it is remembered."""
        return f"{self.table.name}.{self.column.name}"

    @property
    def is_list(self) -> bool:
        """Whether it holds several people."""
        return isinstance(self.column.type, ARRAY)

    @property
    def key(self) -> list[Column[Any]]:
        """What names a row of the table."""
        return [*self.table.primary_key.columns]

    @property
    def sealed(self) -> list[Column[Any]]:
        """The columns that are sealed under the key of whom this column leads to."""
        # Words are sealed under the child's key: where a guardian is named,
        # nothing is sealed.
        if self.column.name not in OWNERS:
            return []
        binary = [each for each in self.table.c if isinstance(each.type, LargeBinary)]
        return [each for each in binary if each.name not in UNSEALED_BYTES]

    def place(self, sealed: Column[Any], row_id: UUID) -> str:
        """Where a sealed column of a row opens:
        `table|id`, or `table|id|column` for a second one.
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
    # Histories and parts name the child without a foreign key: the row that they are
    # part of has one.
    return column.name == "person_id" and isinstance(column.type, Uuid)


@cache
def references() -> Sequence[Reference]:
    """Every column that leads to people, a table before those that refer to it.

    Whoever adds a part locks what it is a part of (its case):
    that row is waited for first, and its parts are found.
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
    """Who has which relation to a person, kinds apart that follow from other rows."""
    statement = select(RELATIONS).where(
        RELATIONS.c.object_id == person_id, RELATIONS.c.kind != except_kind
    )
    by = (RELATIONS.c.holder, RELATIONS.c.kind)
    return await reading.rows(statement.order_by(*by))
