"""Statements as texts for the driver: SQLAlchemy's way costs as much as a query."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect
from sqlalchemy.sql import ClauseElement

_DIALECT = asyncpg_dialect()  # type: ignore[no-untyped-call]


class DriverText(NamedTuple):
    """A statement for the driver, and its parameters in order, with default values."""

    sql: str
    parameters: list[tuple[str, Any]]

    def bound(self, values: Mapping[str, Any]) -> list[Any]:
        """The values of its parameters, in order."""
        return [values.get(name, default) for name, default in self.parameters]


def as_text(statement: ClauseElement) -> DriverText:
    """The text of a statement."""
    prepared = statement.compile(
        dialect=_DIALECT, compile_kwargs={"render_postcompile": True}
    )
    names = getattr(prepared, "positiontup", None) or ()
    return DriverText(str(prepared), [(name, prepared.params[name]) for name in names])


@lru_cache(maxsize=1024)
def kept_text(statement: ClauseElement) -> DriverText:
    """The cached text of a long-lived statement; its values are passed beside it."""
    return as_text(statement)


@lru_cache(maxsize=256)
def read_as(rows: Select[Any]) -> dict[str, Callable[[Any], Any]]:
    """By name: how SQLAlchemy converts a column that the driver gives in another form
    (JSON). Other columns are left out.
    """
    converters = {
        column.key: column.type.dialect_impl(_DIALECT).result_processor(_DIALECT, None)
        for column in rows.selected_columns
    }
    return {
        name: converter for name, converter in converters.items() if name and converter
    }
