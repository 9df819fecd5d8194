"""The statement of one page of a list. Page 10,000 costs what page 1 costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Text,
    and_,
    bindparam,
    cast,
    func,
    literal_column,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY

from services.chassis.data.texts import DriverText, as_text
from services.chassis.data.wire import chosen_fields, named_columns
from services.chassis.data.work import Rows
from services.chassis.ground.problems import FieldError, ValidationFailed

# A control character, which stands in no JSON that PostgreSQL writes.
_BETWEEN = 30


@dataclass(frozen=True, eq=False)
class Listing:
    """What a list can show: wire fields, sortable columns, the default order.

    `sortable` columns are never NULL; `key` makes every order total. If a listing and
    its select are long-lived objects, the statement of a page is cached as well.
    """

    wire: Mapping[str, ColumnElement[Any]]
    sortable: Mapping[str, ColumnElement[Any]]
    default_sort: str
    key: ColumnElement[Any]


@dataclass(frozen=True)
class Order:
    """One column that a list is sorted by."""

    column: ColumnElement[Any]
    descending: bool


class Counties(NamedTuple):
    """Several counties of a list: a row's in `column`, all of them in `parameter`."""

    column: ColumnElement[str]
    parameter: str


class PageShape(NamedTuple):
    """The parts of a page's statement; pages of one shape share a statement."""

    rows: Rows
    listing: Listing
    sort: str | None
    fields: str | None
    limit: int
    continued: bool
    counties: Counties | None = None
    person: str | None = None
    """The wire field with the person of an item, if people are to be recorded."""
    is_kept: bool = True


def orders_of(sort: str, listing: Listing) -> list[Order]:
    orders = []
    for name in sort.split(","):
        column = listing.sortable.get(name.removeprefix("-"))
        if column is None:
            raise ValidationFailed(FieldError("parameter", "sort", "not_listed"))
        orders.append(Order(column, name.startswith("-")))
    # The key in the same direction as the last: one index serves the whole order.
    return [*orders, Order(listing.key, orders[-1].descending)]


def compiled(shape: PageShape) -> DriverText:
    """The statement as text, and its parameters in order, with default values."""
    # A statement for one request would push out those that are used again.
    return _kept_text(shape) if shape.is_kept else as_text(page_statement(shape))


@lru_cache(maxsize=512)
def _kept_text(shape: PageShape) -> DriverText:
    return as_text(page_statement(shape))


def shown_items(items: bytes, *, has_more: bool) -> bytes:
    """The items of a page as JSON, separated by commas, without the extra one."""
    between = bytes([_BETWEEN])
    page = items[: items.rindex(between)] if has_more else items
    return page.replace(between, b",")


def page_statement(shape: PageShape) -> Rows:
    """JSON of the page's items and of one more (`shown_items`), whether there is one
    more, the last sort key; with `person` also the people of the items.

    One row: fifty cost the driver more than their content. Bytes: Python does not
    parse the text.
    """
    limit = shape.limit
    wire = chosen_fields(shape.fields, shape.listing.wire)
    orders = orders_of(shape.sort or shape.listing.default_sort, shape.listing)
    rows = (
        _newest(shape, orders)
        if shape.counties is None
        else _newest_of_counties(shape, shape.counties, orders)
    )
    # As one text: columns would be compiled one by one.
    item: Rows = select(literal_column(", ".join(f'rows."{name}"' for name in wire)))
    # Aggregated row by row: putting them into an array, cutting and joining it took
    # PostgreSQL a quarter of a page's time.
    items = (
        f"coalesce(string_agg(CAST(row_to_json(item) AS text), chr({_BETWEEN})), '')"
    )
    parts = {"items": f"convert_to({items}, 'UTF8')", "has_more": f"count(*) > {limit}"}
    for n in range(len(orders)):
        # Cast here: in the rows it would be done for each.
        parts[f"key_{n}"] = f"CAST((array_agg(rows.key_{n}))[{limit}] AS text)"
    if shape.person is not None:
        parts["people"] = f'(array_agg(rows."{shape.person}"))[1:{limit}]'
    return select(
        *[literal_column(sql).label(name) for name, sql in parts.items()]
    ).select_from(rows.subquery("rows").join(item.lateral("item"), true()))


def _newest(shape: PageShape, orders: Sequence[Order]) -> Rows:
    """The rows of the page and one more, with the sort key as `key_0`, …."""
    wire = chosen_fields(shape.fields, shape.listing.wire)
    keys = [order.column.label(f"key_{n}") for n, order in enumerate(orders)]
    rows = shape.rows.where(_after(orders)) if shape.continued else shape.rows
    columns = [*named_columns(wire), *keys]
    sorted_rows = rows.with_only_columns(*columns, maintain_column_froms=True).order_by(
        *[_directed(order.column, order) for order in orders]
    )
    return _limited(sorted_rows, shape)


def _newest_of_counties(
    shape: PageShape, counties: Counties, orders: Sequence[Order]
) -> Rows:
    """The same for several counties: the first rows of each, merged.

    `= ANY` cannot use the order of an index: it reads all rows of all counties, and
    sorts them.
    """
    parameter = bindparam(counties.parameter, type_=ARRAY(Text), required=False)
    own = func.unnest(parameter).table_valued("county", name="own").render_derived()
    is_own: ColumnElement[bool] = counties.column == own.c.county
    of_one = shape._replace(rows=shape.rows.where(is_own), counties=None)
    each = _newest(of_one, orders).lateral("each")
    merged: Rows = select(literal_column("each.*")).select_from(own.join(each, true()))
    by = [
        _directed(literal_column(f"each.key_{n}"), order)
        for n, order in enumerate(orders)
    ]
    return _limited(merged.order_by(*by), shape)


def _directed(column: ColumnElement[Any], order: Order) -> ColumnElement[Any]:
    return column.desc() if order.descending else column.asc()


def _limited(rows: Rows, shape: PageShape) -> Rows:
    # No parameter: a statement with a constant limit is planned once.
    return rows.limit(literal_column(str(shape.limit + 1), Integer))


def _after(orders: Sequence[Order]) -> ColumnElement[bool]:
    """The condition for rows after the sort key `after_0`, …."""
    texts = [
        cast(bindparam(f"after_{number}", type_=Text, required=False), Text)
        for number in range(len(orders))
    ]
    typed = [
        cast(text_, order.column.type)
        for order, text_ in zip(orders, texts, strict=True)
    ]
    # Selected: as bare parameters they would make PostgreSQL plan every page anew.
    marks = [select(mark).scalar_subquery() for mark in typed]
    # In one direction a row comparison is enough, which an index serves.
    if len({order.descending for order in orders}) == 1:
        columns = tuple_(*[order.column for order in orders])
        return (
            columns < tuple_(*marks)
            if orders[0].descending
            else columns > tuple_(*marks)
        )
    alternatives = []
    for depth, order in enumerate(orders):
        equal = [
            earlier.column == mark
            for earlier, mark in zip(orders[:depth], marks, strict=False)
        ]
        beyond = (
            order.column < marks[depth]
            if order.descending
            else order.column > marks[depth]
        )
        alternatives.append(and_(*equal, beyond))
    return or_(*alternatives)
