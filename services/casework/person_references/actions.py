"""Moving rows from one person's record to another and back, with their sealed fields."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, delete, func, tuple_, update
from sqlalchemy.exc import IntegrityError

from services.casework.accounts.actions import GUARDIAN
from services.casework.people.queries import KnownPerson
from services.casework.person_references import queries
from services.casework.person_references.queries import Reference, references
from services.chassis.data.relating import Relation, unrelate, write_relations
from services.chassis.data.work import Change
from services.chassis.trust.relations import RELATIONS
from services.chassis.trust.vault import seal_bytes, unseal_bytes

Keys = list[list[Any]]
_RELATIONS = "relations"


class InTheWay(Exception):
    """Rows of both records in these tables conflict."""

    def __init__(self, tables: Sequence[str]) -> None:
        super().__init__()
        self.tables = tables


async def move_references(
    change: Change, merged: KnownPerson, kept: KnownPerson
) -> dict[str, Keys]:
    """Move all rows that refer to one record to the other; returns, by column, the keys
    of the moved rows.

    Their sealed fields are sealed again with the other record's key. Raises InTheWay
    with the tables in which rows of both conflict (two open cases,
    the same guardian twice).
    """
    moved, in_the_way = dict[str, Keys](), list[str]()
    for reference in references():
        try:
            # A savepoint for each, so that the error names all conflicting tables.
            async with change.nested():
                keys = await _move(change, reference, merged, kept)
        except IntegrityError:
            in_the_way.append(reference.table.name)
        else:
            moved |= {reference.name: keys} if keys else {}
    if in_the_way:
        raise InTheWay(sorted({*in_the_way}))
    relations = await _move_relations(change, merged.person.id, kept.person.id)
    return moved | ({_RELATIONS: relations} if relations else {})


async def move_references_back(
    change: Change,
    moved: Mapping[str, Keys],
    kept: KnownPerson,
    merged: KnownPerson,
) -> None:
    """Move exactly those rows back to the record from which they were moved, in their
    present state.

    Rows that now refer to a third person, or were deleted, are left alone.
    """
    for reference in references():
        if keys := moved.get(reference.name):
            await _move(change, reference, kept, merged, keys)
    await _move_relations_back(
        change, moved.get(_RELATIONS, []), kept.person.id, merged.person.id
    )


async def _move(
    change: Change,
    reference: Reference,
    old: KnownPerson,
    new: KnownPerson,
    only: Keys | None = None,
) -> Keys:
    """Move the rows of one column, or only those with the keys `only`; returns the keys
    of the moved rows.
    """
    table, column = reference.table, reference.column
    old_id, new_id = old.person.id, new.person.id
    statement, values = update(table), dict[str, Any]()
    if reference.is_list:
        # A list that already contains both records stays as it is.
        statement = statement.where(
            column.contains([old_id]), ~column.contains([new_id])
        )
        values[column.name] = func.array_replace(column, old_id, new_id)
    else:
        statement = statement.where(column == old_id)
        values[column.name] = new_id
    # In `people` neither of the two records may refer to itself.
    if table is queries.PEOPLE:
        statement = statement.where(table.c.id.not_in([old_id, new_id]))
    if only is not None:
        typed = [_typed(reference, key) for key in only]
        statement = statement.where(tuple_(*reference.key).in_(typed))
    # A new version, so that a client with the former one cannot overwrite the row.
    if "version" in table.c:
        values |= {"version": table.c.version + 1, "changed_at": func.now()}
    rows = await change.rows(statement.values(values).returning(*reference.key))
    for row in rows if reference.sealed else []:
        # One by one, because every sealed field is bound to its own row.
        await _seal_anew(change, reference, row[0], old.key, new.key)
    return [
        # In JSON form, as they are stored until the merge is undone.
        [str(part) if isinstance(part, UUID) else part for part in row]
        for row in rows
    ]


def _typed(reference: Reference, key: Sequence[Any]) -> tuple[Any, ...]:
    """A stored key with the types of the database."""
    pairs = zip(reference.key, key, strict=True)
    return tuple(
        UUID(part) if isinstance(column.type, Uuid) else part for column, part in pairs
    )


async def _seal_anew(
    change: Change, reference: Reference, row_id: UUID, old: bytes, new: bytes
) -> None:
    """Seal the sealed fields of a row with another key.

    Raises SealBroken where a field cannot be opened.
    """
    blobs = await queries.list_blobs(change, reference, row_id)
    sealed = {
        column.name: seal_bytes(new, place, unseal_bytes(old, place, blob))
        for column, blob in zip(reference.sealed, blobs, strict=True)
        if blob  # deleted files have no content
        for place in [reference.place(column, row_id)]
    }
    if sealed:
        table = reference.table
        await change.execute(update(table).where(table.c.id == row_id).values(sealed))


async def _move_relations(change: Change, old: UUID, new: UUID) -> Keys:
    """Move relations (except guardians', which follow from guardianships)
    to the other record.
    """
    existing = await queries.list_relations(change, new, except_kind=GUARDIAN)
    existing_keys = {(each.holder, each.kind) for each in existing}
    moving = await queries.list_relations(change, old, except_kind=GUARDIAN)
    await change.execute(
        delete(RELATIONS).where(
            RELATIONS.c.object_id == old, RELATIONS.c.kind != GUARDIAN
        )
    )
    await write_relations(
        change,
        [
            Relation(**{**row._mapping, "object_id": new})
            for row in moving
            if (row.holder, row.kind) not in existing_keys
        ],
    )
    # The third value: both records had the relation, so undoing the merge must not
    # remove it.
    return [
        [row.holder, row.kind, (row.holder, row.kind) in existing_keys]
        for row in moving
    ]


async def _move_relations_back(
    change: Change, moved: Keys, old: UUID, new: UUID
) -> None:
    """Move relations back. A relation that has ended in the meantime is not restored."""
    now = await queries.list_relations(change, old, except_kind=GUARDIAN)
    running = {(row.holder, row.kind): row for row in now}
    for holder, kind, is_of_both in moved:
        row = running.get((holder, kind))
        if row is None:
            continue
        await write_relations(change, [Relation(**{**row._mapping, "object_id": new})])
        if not is_of_both:
            await unrelate(change, holder, kind, [old])
