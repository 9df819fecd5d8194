"""Lists: keyset pages whose JSON PostgreSQL builds. Page 10,000 costs what page 1 costs."""

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Generic, Literal, NamedTuple, Protocol, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError, to_json
from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    Table,
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
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect

from services.chassis.problems import FieldError, ValidationFailed
from services.chassis.scalars import Line
from services.chassis.work import Reading, Rows

Item = TypeVar("Item")
Count = Literal["exact", "estimated"]
Format = Literal["csv", "xlsx", "ndjson", "geojson"]
Dialect = Literal["excel-pl"]

_DIALECT = asyncpg_dialect()  # type: ignore[no-untyped-call]
_LIMIT = re.compile(r"[0-9]{1,6}", re.ASCII)


def _ascii_digits(value: Any) -> Any:
    """Query values are text; only ASCII digits make a number."""
    if isinstance(value, str) and not _LIMIT.fullmatch(value):
        raise PydanticCustomError("wrong_format", "wrong format")
    return value


QueryCount = Annotated[int, BeforeValidator(_ascii_digits)]


class ListQuery(BaseModel):
    """The parameters that every list takes; a slice adds its filters. Unknown parameters are refused."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    limit: QueryCount = Field(default=50, ge=1, le=200, description="items on a page")
    cursor: Line | None = Field(
        default=None, max_length=1000, description="`next_cursor` of the page before"
    )
    sort: Line | None = Field(
        default=None,
        max_length=200,
        description="fields, comma-separated; `-` for descending",
    )
    fields: Line | None = Field(
        default=None, max_length=1000, description="only these fields of each item"
    )

    def filters(self) -> str:
        """What the list is about, without how it is paged."""
        return self.model_dump_json(exclude={"limit", "cursor"}, exclude_none=True)


class FileQuery(ListQuery):
    """The parameters of a list that can also be had as a file."""

    format: Format | None = Field(
        default=None, description="a file of all rows in place of a page"
    )
    dialect: Dialect | None = Field(
        default=None, description="CSV as a Polish Excel reads it"
    )


@dataclass(frozen=True, eq=False)
class Listing:
    """What a list can show: its wire fields, what it may be sorted by, and the default order.

    `sortable` columns are never NULL; `key` makes every order total. One that is kept, together with the select given
    to page(), lets the finished statement be kept as well.
    """

    wire: Mapping[str, ColumnElement[Any]]
    sortable: Mapping[str, ColumnElement[Any]]
    default_sort: str
    key: ColumnElement[Any]


@dataclass(frozen=True)
class _Order:
    column: ColumnElement[Any]
    descending: bool


class Listed(NamedTuple):
    """What a list shows, of which rows, and the values of the named parameters in them.

    With values the rows are a select kept for all who ask alike: it is compiled once.
    """

    listing: Listing
    rows: Rows
    values: Mapping[str, Any] | None = None


class ListTerms(Protocol):
    """What a request says about a list beside its query: the list's address, and whether to count."""

    @property
    def path(self) -> str:
        """The address of the list; a cursor belongs to it."""

    @property
    def counting(self) -> Count | None:
        """How exactly to say how many there are in all."""

    @property
    def cursor_key(self) -> bytes:
        """What cursors are signed with."""


class ItemPage(NamedTuple):
    """One page of a list: its items as JSON, where it goes on, and how many there are in all."""

    items: bytes
    next_cursor: str | None
    total: int | None


async def page_of(
    reading: Reading,
    terms: ListTerms,
    query: ListQuery,
    listed: Listed,
) -> ItemPage:
    """One page of `where` (a select of the rows that match and that the caller may see) as `{items, next_cursor}`.

    With `values` of its named parameters `where` is one that is kept for all who ask alike: it is compiled once.
    """
    listing, where, values = listed
    binding = _binding(terms, query)
    orders = _orders(query.sort or listing.default_sort, listing)
    way = _Way(
        where, listing, query.sort, query.fields, query.limit, query.cursor is not None
    )
    marks = (
        {}
        if query.cursor is None
        else _open_cursor(query.cursor, binding, len(orders), terms.cursor_key)
    )
    items, has_more, *last = await _found(reading, way, marks, values)
    cursor = _seal_cursor(last, binding, terms.cursor_key) if has_more else None
    total = await _total(reading, terms, where, values or {})
    return ItemPage(items, cursor, total)


async def _found(
    reading: Reading,
    way: "_Way",
    marks: Mapping[str, str],
    values: Mapping[str, Any] | None,
) -> Sequence[Any]:
    """Items, whether there are more, keys. What is compiled goes to the driver: SQLAlchemy's way costs as much."""
    if values is None:
        return await reading.one(_statement(way), values=marks)
    text, parameters = _compiled(way)
    given = {**values, **marks}
    driver = await reading.driver(
        searches=" @@ " in text
    )  # the words decide which way is short
    row = await driver.fetchrow(
        text, *[given.get(name, known) for name, known in parameters]
    )
    return tuple(row or ())


def chosen_fields(
    fields: str | None, wire: Mapping[str, ColumnElement[Any]]
) -> Mapping[str, ColumnElement[Any]]:
    """The wire columns asked for; an unknown name is ValidationFailed."""
    if fields is None:
        return wire
    names = fields.split(",")
    if any(name not in wire for name in names):
        raise ValidationFailed(FieldError("parameter", "fields", "not_listed"))
    return {name: column for name, column in wire.items() if name in names}


def json_object(wire: Mapping[str, ColumnElement[Any]]) -> ColumnElement[str]:
    """The JSON text of one row's wire columns, built by PostgreSQL; also for RETURNING. At most 50 fields."""
    pairs: list[ColumnElement[Any]] = []
    plain: list[str] = []
    for name, column in wire.items():
        text = _text_of(column)
        if text is None:
            pairs += [literal_column(", ".join([*plain, f"'{name}'"])), column]
            plain = []
        else:
            plain.append(f"'{name}', {text}")
    return cast(
        func.json_build_object(
            *pairs, *([literal_column(", ".join(plain))] if plain else [])
        ),
        Text,
    )


def stored_columns(
    wire: Mapping[str, ColumnElement[Any]],
    key: ColumnElement[Any],
    version: ColumnElement[int],
) -> tuple[ColumnElement[Any], ...]:
    """What a statement selects or returns for `Reading.stored`."""
    return key.label("key"), version.label("version"), json_object(wire).label("body")


def _text_of(column: ColumnElement[Any]) -> str | None:
    """A table's column as it stands in SQL: as texts they leave little for SQLAlchemy to walk through."""
    is_plain = isinstance(column, Column) and isinstance(column.table, Table)
    return f"{column.table.fullname}.{column.name}" if is_plain else None


def _orders(sort: str, listing: Listing) -> list[_Order]:
    orders = []
    for name in sort.split(","):
        column = listing.sortable.get(name.removeprefix("-"))
        if column is None:
            raise ValidationFailed(FieldError("parameter", "sort", "not_listed"))
        orders.append(_Order(column, name.startswith("-")))
    return [*orders, _Order(listing.key, orders[-1].descending)]


class _Way(NamedTuple):
    """What a page's statement is made of."""

    where: Rows
    listing: Listing
    sort: str | None
    fields: str | None
    limit: int
    continued: bool


@lru_cache(maxsize=512)
def _compiled(way: _Way) -> tuple[str, list[tuple[str, Any]]]:
    """The statement as text, and its parameters in their order: the name of each, and its value unless it is given."""
    return as_text(_statement(way))


def as_text(statement: Rows) -> tuple[str, list[tuple[str, Any]]]:
    """A statement as the driver takes it, and its parameters in their order with the values that it holds itself."""
    compiled = statement.compile(
        dialect=_DIALECT, compile_kwargs={"render_postcompile": True}
    )
    return str(compiled), [
        (name, compiled.params[name]) for name in compiled.positiontup or ()
    ]


def _statement(way: _Way) -> Rows:
    """The JSON of up to `limit` items as bytes, whether there is one more, and the sort key of the last one as texts.

    One row: fifty cost the driver more than their content. Bytes: nobody reads the text on its way.
    """
    where, listing, sort, fields, limit, continued = way
    wire = chosen_fields(fields, listing.wire)
    orders = _orders(sort or listing.default_sort, listing)
    by = [
        order.column.desc() if order.descending else order.column.asc()
        for order in orders
    ]
    keys = [
        cast(order.column, Text).label(f"key_{number}")
        for number, order in enumerate(orders)
    ]
    found = where.where(_after(orders)) if continued else where
    rows = found.with_only_columns(
        *_columns(wire), *keys, maintain_column_froms=True
    ).order_by(*by)
    rows = rows.limit(
        literal_column(str(limit + 1), Integer)
    )  # no parameter: planned once
    item = select(literal_column(", ".join(f'rows."{name}"' for name in wire))).lateral(
        "item"
    )
    items = f"coalesce(array_to_string((array_agg(CAST(row_to_json(item) AS text)))[1:{limit}], ','), '')"
    last = [f"(array_agg(rows.{key.name}))[{limit}]" for key in keys]
    shown = ", ".join([f"convert_to({items}, 'UTF8')", f"count(*) > {limit}", *last])
    return select(literal_column(shown)).select_from(
        rows.subquery("rows").join(item, true())
    )


def _columns(wire: Mapping[str, ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    """The wire columns under their names, those of tables as one text."""
    texts = {name: _text_of(column) for name, column in wire.items()}
    plain = ", ".join(
        f'{text} AS "{name}"' for name, text in texts.items() if text is not None
    )
    others: list[ColumnElement[Any]] = [
        wire[name].label(name) for name, text in texts.items() if text is None
    ]
    return [literal_column(plain), *others] if plain else others


def _after(orders: Sequence[_Order]) -> ColumnElement[bool]:
    """The rows that follow the sort key `after_0`, …. One direction: a row comparison, which an index serves."""
    texts = [
        cast(bindparam(f"after_{number}", type_=Text, required=False), Text)
        for number in range(len(orders))
    ]
    typed = [
        cast(text_, order.column.type)
        for order, text_ in zip(orders, texts, strict=True)
    ]
    marks = [
        select(mark).scalar_subquery() for mark in typed
    ]  # else every page would be planned anew, in vain
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


def _binding(terms: ListTerms, query: ListQuery) -> bytes:
    """What a cursor belongs to: this path, this filter, this order."""
    return f"{terms.path} {query.filters()}".encode()


def _mark(payload: bytes, binding: bytes, key: bytes) -> bytes:
    return hashlib.blake2b(
        binding + payload, key=key[: hashlib.blake2b.MAX_KEY_SIZE], digest_size=16
    ).digest()


def _seal_cursor(values: list[str], binding: bytes, key: bytes) -> str:
    payload = to_json(values)
    return (
        base64.urlsafe_b64encode(_mark(payload, binding, key) + payload)
        .decode()
        .rstrip("=")
    )


def _open_cursor(
    cursor: str, binding: bytes, length: int, key: bytes
) -> dict[str, str]:
    """The sort key in a cursor, by name; one of another list, or an altered one, is ValidationFailed."""
    try:
        raw = base64.b64decode(
            cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True
        )
    except (binascii.Error, ValueError):
        raw = b""
    mark, payload = raw[:16], raw[16:]
    is_ours = not cursor.endswith("=") and hmac.compare_digest(
        mark, _mark(payload, binding, key)
    )
    values: list[str] = json.loads(payload) if is_ours else []
    if len(values) != length:
        raise ValidationFailed(FieldError("parameter", "cursor", "stale_cursor"))
    return {f"after_{number}": value for number, value in enumerate(values)}


async def _total(
    reading: Reading, terms: ListTerms, where: Rows, values: Mapping[str, Any]
) -> int | None:
    """How many there are in all, when asked by `Prefer: count=exact` or `count=estimated`."""
    if terms.counting is None:
        return None
    rows: Rows = where.with_only_columns(
        literal_column("1"), maintain_column_froms=True
    ).order_by(None)
    if terms.counting == "estimated":
        return await _estimate(reading, rows, values)
    return int(
        await reading.scalar(select(func.count()).select_from(rows.subquery()), values)
        or 0
    )


async def _estimate(reading: Reading, rows: Rows, values: Mapping[str, Any]) -> int:
    """The planner's guess."""
    text, parameters = as_text(rows)
    given = [values.get(name, known) for name, known in parameters]
    plan = await reading.fetchval(f"EXPLAIN (FORMAT JSON) {text}", *given)
    parsed: Any = json.loads(plan) if isinstance(plan, str) else plan
    return int(parsed[0]["Plan"]["Plan Rows"])


class Page(BaseModel, Generic[Item]):
    """One page of a list (its documentation; the bytes come from the database)."""

    items: list[Item]
    next_cursor: str | None = Field(
        description="give it as `cursor` for the next page; null on the last one"
    )
    total: int | None = Field(
        default=None, description="only with `Prefer: count=exact` or `count=estimated`"
    )
