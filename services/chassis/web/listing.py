"""Lists: keyset pages, built as JSON by PostgreSQL. All pages cost the same."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Any, Generic, Literal, NamedTuple, Protocol, TypeVar
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    ScalarSelect,
    func,
    literal_column,
    select,
)
from sqlalchemy.sql.visitors import replacement_traverse

from services.chassis.data.texts import as_text
from services.chassis.data.work import Reading, Rows
from services.chassis.ground.cursors import open_cursor, seal_cursor
from services.chassis.ground.problems import FieldError, ValidationFailed
from services.chassis.ground.scalars import Id, Line
from services.chassis.web.expanding import Expansions, expanded
from services.chassis.web.of_ids import having, missing_of, of_ids
from services.chassis.web.pages import (
    Counties,
    Listing,
    PageShape,
    compiled,
    orders_of,
    page_statement,
    shown_items,
)

Item = TypeVar("Item")
Count = Literal["exact", "estimated"]
Format = Literal["csv", "xlsx", "ndjson", "geojson"]
Dialect = Literal["excel-pl"]

# `int` would also take signs, underscores and digits of every script.
_LIMIT = re.compile(r"[0-9]{1,6}", re.ASCII)


def _ascii_digits(value: Any) -> Any:
    """Query values are texts; only ASCII digits make a number."""
    if isinstance(value, str) and not _LIMIT.fullmatch(value):
        raise PydanticCustomError("wrong_format", "wrong format")
    return value


QueryCount = Annotated[int, BeforeValidator(_ascii_digits)]


class ListQuery(BaseModel):
    """The parameters of every list; a slice adds filters. Unknown ones are refused."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    limit: QueryCount = Field(default=50, ge=1, le=200, description="items on a page")
    cursor: Line | None = Field(
        default=None, max_length=3000, description="`next_cursor` of the page before"
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
        """The filters as JSON, without the paging."""
        return self.model_dump_json(exclude={"limit", "cursor"}, exclude_none=True)


class ByIds(ListQuery):
    """A list that can be asked for several ids at once."""

    id: list[Id] | None = Field(
        default=None,
        max_length=100,
        description="only these, on one page in the order of the list; `missing` names"
        " those that are not there, or not for the caller",
    )


class Expandable(ListQuery):
    """A list whose references can be expanded."""

    expand: Line | None = Field(
        default=None,
        max_length=200,
        description="references to be shown with what they refer to, comma-separated",
    )


class FileQuery(ListQuery):
    """The parameters of a list that is also available as a file."""

    format: Format | None = Field(
        default=None, description="a file of all rows in place of a page"
    )
    dialect: Dialect | None = Field(
        default=None, description="CSV as a Polish Excel reads it"
    )


class Listed(NamedTuple):
    """What a list shows, its rows, and the values of the named parameters in them.

    With values and `is_kept` callers of one shape share the select, compiled once.
    """

    listing: Listing
    rows: Rows
    values: Mapping[str, Any] | None = None
    counties: Counties | None = None
    """The counties of a list of several: the rows of each are read separately."""
    expansions: Expansions = MappingProxyType({})
    """What `expand` may name."""
    is_kept: bool = True

    def where(self, *conditions: ColumnElement[bool]) -> "Listed":
        """Only the rows that also meet these conditions, for this request alone."""
        return self._replace(rows=self.rows.where(*conditions), is_kept=False)


class ListTerms(Protocol):
    """A request's terms for a list beside its query: address, whether to count."""

    @property
    def path(self) -> str:
        """The address of the list; a cursor belongs to it."""

    @property
    def counting(self) -> Count | None:
        """How exactly to count all items; None for not at all."""

    @property
    def cursor_key(self) -> bytes:
        """The key that signs cursors."""


class ItemPage(NamedTuple):
    """One page of a list: its items as JSON, the next cursor, and the total."""

    items: bytes
    next_cursor: str | None
    total: int | None
    missing: Sequence[UUID] | None = None


Row = Sequence[Any]
Ask = Callable[
    [Reading, PageShape, Mapping[str, str], Mapping[str, Any] | None], Awaitable[Row]
]
"""How the row of a page is read: by its shape, its marks, and the list's values."""


async def page_of(
    reading: Reading,
    terms: ListTerms,
    query: ListQuery,
    listed: Listed,
    ask: Ask | None = None,
) -> ItemPage:
    """One page of a list; ValidationFailed for a cursor of any other list."""
    ids = query.id if isinstance(query, ByIds) else None
    listed = _with_ids(listed, ids)
    listing = listed.listing
    binding = _binding(terms, query)
    orders = orders_of(query.sort or listing.default_sort, listing)
    shape = PageShape(
        listed.rows,
        listing,
        query.sort,
        query.fields,
        max(query.limit, len(ids or ())),
        query.cursor is not None,
        listed.counties,
        is_kept=listed.is_kept and listed.values is not None,
    )
    marks = (
        {}
        if query.cursor is None
        else open_cursor(query.cursor, binding, len(orders), terms.cursor_key)
    )
    row = await (ask or _read)(reading, shape, marks, listed.values)
    raw_items, has_more, *last = row
    items = shown_items(raw_items, has_more=has_more)
    cursor = seal_cursor(last, binding, terms.cursor_key) if has_more else None
    total = await _total(reading, terms, listed)
    if isinstance(query, Expandable) and query.expand:
        items = await expanded(reading, items, query.expand, listed.expansions)
    if not ids:
        return ItemPage(items, cursor, total)
    missing = await missing_of(reading, listed.rows, listing, listed.values, ids)
    return ItemPage(items, cursor, total, missing)


def _with_ids(listed: Listed, ids: Sequence[UUID] | None) -> Listed:
    if not ids:
        return listed
    if listed.values is None or not listed.is_kept:
        return listed._replace(rows=having(listed.rows, listed.listing.key, ids))
    rows, values = of_ids(listed.rows, listed.listing, listed.values, ids)
    return listed._replace(rows=rows, values=values)


def for_a_file(query: ListQuery, listed: Listed) -> Listed:
    """The list in a file: with the requested ids, and nothing expanded."""
    if isinstance(query, Expandable) and query.expand:
        # A cell holds no object.
        raise ValidationFailed(FieldError("parameter", "expand", "not_allowed"))
    return _with_ids(listed, query.id if isinstance(query, ByIds) else None)


async def _read(
    reading: Reading,
    shape: PageShape,
    marks: Mapping[str, str],
    values: Mapping[str, Any] | None,
) -> Sequence[Any]:
    """Items, whether there are more, and the last sort key."""
    if values is None:
        return await reading.one(page_statement(shape), values=marks)
    text = compiled(shape)
    # Words of a text search decide which plan is short. The driver gets the text
    # itself: SQLAlchemy's execution costs as much as the query.
    driver = await reading.driver(searches=" @@ " in text.sql)
    row = await driver.fetchrow(text.sql, *text.bound({**values, **marks}))
    return tuple(row or ())


def _binding(terms: ListTerms, query: ListQuery) -> bytes:
    """The text that a cursor is bound to: this path, this filter, this order."""
    return f"{terms.path} {query.filters()}".encode()


async def _total(reading: Reading, terms: ListTerms, listed: Listed) -> int | None:
    """The number of all items, if `Prefer` asks by `count=exact` or `=estimated`."""
    if terms.counting is None:
        return None
    values = listed.values or {}
    # Neither columns nor order matter to a number, and both cost time.
    rows: Rows = listed.rows.with_only_columns(
        literal_column("1"), maintain_column_froms=True
    ).order_by(None)
    if terms.counting == "estimated":
        return await _estimate(reading, rows, values)
    number = select(func.count()).select_from(rows.subquery())
    return int(await reading.scalar(number, values) or 0)


async def _estimate(reading: Reading, rows: Rows, values: Mapping[str, Any]) -> int:
    """The planner's estimate."""
    # EXPLAIN reads no row: its cost does not grow with the list.
    statement: Any = replacement_traverse(rows, {}, _value_itself)
    text = as_text(statement)
    explain = f"EXPLAIN (FORMAT JSON) {text.sql}"
    plan = await reading.fetchval(explain, *text.bound(values))
    parsed: Any = json.loads(plan) if isinstance(plan, str) else plan
    return int(parsed[0]["Plan"]["Plan Rows"])


def _value_itself(element: Any, **_: Any) -> Any:
    # A selected value (`access.equal`) would be estimated like any other.
    if isinstance(element, ScalarSelect):
        [column] = element.element.selected_columns
        return column if isinstance(column, BindParameter) else None
    return None


class Page(BaseModel, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    next_cursor: str | None = Field(
        description="give it as `cursor` for the next page; null on the last one"
    )
    total: int | None = Field(
        default=None, description="only with `Prefer: count=exact` or `count=estimated`"
    )
    missing: list[UUID] | None = Field(
        default=None, description="only with `id`: those of which nothing is shown"
    )
