"""Pages of a search: keys of resources, newest first, and their total."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    tuple_,
)

from services.chassis.data.work import Reading, Rows
from services.chassis.fhir.asking import FhirSearch, FhirTerms
from services.chassis.fhir.moments import Moment, instant
from services.chassis.ground.cursors import open_cursor, seal_cursor

MOST_COUNTED = 10_000
Keys = Select[tuple[datetime, UUID, int]]
"""Of each resource its row's `at` and `id`, and its `place` in the row."""


class KeyPage(NamedTuple):
    """The keys of one page, where the next begins, and the total of all.

    No total where there are more than MOST_COUNTED.
    """

    keys: list[tuple[UUID, int]]
    next_cursor: str | None
    total: int | None


async def page_of_keys(
    reading: Reading, terms: FhirTerms, search: FhirSearch, keys: Keys
) -> KeyPage:
    """One page of a search; ValidationFailed for a cursor of any other search."""
    matches = keys.subquery("found")
    at, row_id, place = matches.c.at, matches.c.id, matches.c.place
    binding = f"{terms.path.removesuffix('/_search')} {search.filters()}".encode()
    statement = select(at, row_id, place)
    if search.cursor is not None:
        last = open_cursor(search.cursor, binding, 3, terms.cursor_key)
        statement = statement.where(_after(at, row_id, place, [*last.values()]))
    statement = statement.order_by(at.desc(), row_id.desc(), place)
    limit = search.limit
    rows: Sequence[Any] = (
        await reading.rows(statement.limit(limit + 1)) if limit else ()
    )
    has_more, rows = len(rows) > limit, rows[:limit]
    cursor = None
    if has_more:
        values = [instant(rows[-1].at), str(rows[-1].id), str(rows[-1].place)]
        cursor = seal_cursor(values, binding, terms.cursor_key)
    total = await _total(reading, keys)
    return KeyPage([(row.id, row.place) for row in rows], cursor, total)


def _after(
    at: ColumnElement[Any],
    row_id: ColumnElement[Any],
    place: ColumnElement[Any],
    last: Sequence[str],
) -> ColumnElement[bool]:
    mark = tuple_(literal(datetime.fromisoformat(last[0])), literal(UUID(last[1])))
    row = tuple_(at, row_id)
    return or_(row < mark, and_(row == mark, place > int(last[2])))


async def _total(reading: Reading, keys: Keys) -> int | None:
    # Only the cost of counting grows with the number of matches: so it is bounded.
    some: Rows = keys.with_only_columns(literal_column("1"), maintain_column_froms=True)
    keys_counted = some.limit(MOST_COUNTED + 1).subquery()
    number = await reading.scalar(select(func.count()).select_from(keys_counted))
    return None if number is None or number > MOST_COUNTED else int(number)


def changed_within(
    changed_at: ColumnElement[datetime], moments: Sequence[Moment]
) -> list[ColumnElement[bool]]:
    """The conditions for rows changed then (HL7 FHIR R4, search, prefixes)."""
    return [_condition(changed_at, *moment) for moment in moments]


def _condition(
    at: ColumnElement[datetime], comparison: str, begins: datetime, ends: datetime
) -> ColumnElement[bool]:
    within = and_(at >= begins, at < ends)
    conditions: dict[str, ColumnElement[bool]] = {
        "eq": within,
        "ne": not_(within),
        "gt": at >= ends,
        "sa": at >= ends,
        "lt": at < begins,
        "eb": at < begins,
        "ge": at >= begins,
        "le": at < ends,
    }
    return conditions[comparison]


def parts_of(
    row_id: ColumnElement[UUID], place: ColumnElement[int], search: FhirSearch
) -> list[ColumnElement[bool]]:
    """The condition for resources of these ids, each a place in a row."""
    if search.id_list is None:
        return []
    whole = func.concat(row_id, ".", place)
    return [whole.in_(search.id_list)]
