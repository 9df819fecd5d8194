"""How rows become JSON: PostgreSQL writes it, and Python passes it on unread."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, Text, cast, func, literal_column

from services.chassis.ground.problems import FieldError, ValidationFailed


class DecimalText(Text):
    """A decimal number whose digits are kept: a text in JSON, a number in a table."""


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
    """JSON text of one row's wire columns (at most 50), also for RETURNING."""
    # At most 50: a function of PostgreSQL takes a hundred arguments, two for a field.
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
    """The columns that a statement selects or returns for `Reading.stored`."""
    return key.label("key"), version.label("version"), json_object(wire).label("body")


def named_columns(wire: Mapping[str, ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    """The wire columns under their names, those of tables as one text."""
    texts = {name: _text_of(column) for name, column in wire.items()}
    plain = ", ".join(
        f'{text} AS "{name}"' for name, text in texts.items() if text is not None
    )
    others: list[ColumnElement[Any]] = [
        wire[name].label(name) for name, text in texts.items() if text is None
    ]
    return [literal_column(plain), *others] if plain else others


def _text_of(column: ColumnElement[Any]) -> str | None:
    """A table's column as it stands in SQL; None for any other expression."""
    # As a text it leaves SQLAlchemy nothing to walk through at each compilation.
    is_plain = isinstance(column, Column) and isinstance(column.table, Table)
    return f"{column.table.fullname}.{column.name}" if is_plain else None
