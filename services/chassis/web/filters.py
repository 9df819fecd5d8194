"""Lists by filters and the caller's reach: callers of one shape share a statement."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.chassis.data.work import Rows
from services.chassis.trust.access import (
    CountyUse,
    RowScope,
    equal,
    reach_values,
    row_scope_of,
    within_scope,
)
from services.chassis.trust.callers import Caller
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Counties, Listing

Comparison = Literal["is", "from", "to"]
_EVERYTHING = RowScope(None, of_institution=False)


class Filter(NamedTuple):
    """A column that narrows a list: to a value or several, from or up to one."""

    column: ColumnElement[Any]
    comparison: Comparison = "is"
    leads: bool = False
    """An index leads from a value to its few rows (for example the parts of one thing):
    the caller's county is then only checked, and is no way to the rows.
    """


@dataclass(frozen=True, eq=False)
class Filtered:
    """A list that can be narrowed, and the columns of a row's owners."""

    listing: Listing
    rows: FromClause
    filters: Mapping[str, Filter]
    county: ColumnElement[Any] | None = None
    """None for a list that everybody may read (`narrowed`)."""
    institution: ColumnElement[Any] | None = None
    objects: Mapping[str, ColumnElement[Any]] | None = None
    """The columns that relations lead to, by kind of relation."""


def filtered(
    list_: Filtered, values: Mapping[str, Any], caller: Caller, permission: str
) -> Listed:
    """The rows that match these filters by name, within the permission's reach.

    None is no filter; a list is one of several values.
    """
    scope = row_scope_of(caller, permission)
    return _listed(list_, values, scope, reach_values(caller, scope))


def narrowed(list_: Filtered, values: Mapping[str, Any]) -> Listed:
    """The rows that match these filters by name, of a list that everybody may read."""
    return _listed(list_, values, _EVERYTHING, {})


def _listed(
    list_: Filtered, values: Mapping[str, Any], scope: RowScope, reach: dict[str, Any]
) -> Listed:
    filters = {
        name: _each_once(value) if isinstance(value, list) else value
        for name, value in values.items()
        if value is not None and value != []
    }
    shape = tuple((name, isinstance(value, list)) for name, value in filters.items())
    rows, counties = _matching(list_, shape, scope), _counties(list_, filters, scope)
    return Listed(list_.listing, rows, filters | reach, counties)


def _each_once(values: list[Any]) -> Any:
    # A county named twice would put its rows on the page twice.
    distinct = [*dict.fromkeys(values)]
    # One value is an equality, whose rows an index gives in the order of the list.
    return distinct[0] if len(distinct) == 1 else distinct


class SharedQuery(NamedTuple):
    """A statement that callers share, and this caller's parameter values."""

    statement: Rows
    values: dict[str, Any]


def by_key(
    list_: Filtered,
    key: UUID,
    caller: Caller,
    permission: str,
    columns: tuple[ColumnElement[Any], ...] = (),
) -> SharedQuery:
    """The row of a list with this key, within the permission's reach.

    `columns`: a constant of the slice; empty for all of the list's columns.
    """
    scope = row_scope_of(caller, permission)
    values = {"key": key, **reach_values(caller, scope)}
    return SharedQuery(_keyed(list_, scope, columns), values)


@lru_cache(maxsize=512)
def _keyed(
    list_: Filtered, scope: RowScope, columns: tuple[ColumnElement[Any], ...]
) -> Rows:
    reach = within_scope(scope, list_.county, list_.institution, list_.objects)
    rows: Rows = select(list_.rows)
    if columns:
        rows = rows.with_only_columns(*columns, maintain_column_froms=True)
    return rows.where(list_.listing.key == bindparam("key", type_=Uuid), *reach)


def _counties(
    list_: Filtered, filters: Mapping[str, Any], scope: RowScope
) -> Counties | None:
    """The counties of a list if several: the filter's, else the caller's."""
    for name, value in filters.items():
        column = list_.filters[name].column
        if column is list_.county:
            return Counties(column, name) if isinstance(value, list) else None
    # With relations the list has rows of other counties, too.
    is_several = scope.counties == "several" and not scope.kinds
    if is_several and list_.county is not None:
        return Counties(list_.county, "own_counties")
    return None


@lru_cache(maxsize=512)
def _matching(
    list_: Filtered, shape: tuple[tuple[str, bool], ...], scope: RowScope
) -> Rows:
    """The select; cached, so that it is compiled once and PostgreSQL plans it once."""
    use = _use_of_county(list_, shape)
    conditions = [
        equal(list_.filters[name].column, _value(name, list_.filters[name].column), use)
        if list_.filters[name].column is list_.county and not has_several
        else _fits(list_.filters[name], name, has_several=has_several)
        for name, has_several in shape
    ]
    reach = within_scope(scope, list_.county, list_.institution, list_.objects, use)
    # Named as well: a file chooses columns, of which some table may have none.
    rows: Rows = select(list_.rows).select_from(list_.rows)
    return rows.where(*conditions, *reach)


def _use_of_county(list_: Filtered, shape: tuple[tuple[str, bool], ...]) -> CountyUse:
    """How the planner may use one county in a list that is narrowed in this way."""
    filters = [list_.filters[name] for name, _ in shape]
    if any(filter_.leads for filter_ in filters):
        return "check"
    # No other filter: the county's index has the rows in the order of the list.
    is_alone = all(filter_.column is list_.county for filter_ in filters)
    return "way" if is_alone else "perhaps"


def _value(name: str, column: ColumnElement[Any]) -> ColumnElement[Any]:
    return bindparam(name, type_=column.type, required=False)


def _fits(filter_: Filter, name: str, *, has_several: bool) -> ColumnElement[bool]:
    column, comparison, _ = filter_
    if has_several:
        # The values are passed beside the statement, which is cached without any.
        several = bindparam(name, type_=ARRAY(column.type), required=False)
        fits: ColumnElement[bool] = column == any_(several)
        return fits
    value = _value(name, column)
    conditions: dict[Comparison, ColumnElement[bool]] = {
        "is": column == value,
        "from": column >= value,
        "to": column <= value,
    }
    return conditions[comparison]
