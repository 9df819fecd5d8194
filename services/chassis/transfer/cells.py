"""Columns of a file: as plain text, as JSON, and harmless to a spreadsheet."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    ColumnElement,
    DateTime,
    String,
    Text,
    any_,
    case,
    cast,
    func,
    literal_column,
)
from sqlalchemy.types import NullType

from services.chassis.data.wire import json_object
from services.chassis.transfer.files import DANGEROUS

BOM = b"\xef\xbb\xbf"


def by_name(columns: Sequence[ColumnElement[Any]]) -> dict[str, ColumnElement[Any]]:
    return {column.key or "": column for column in columns}


def feature(columns: dict[str, ColumnElement[Any]]) -> ColumnElement[str]:
    """A GeoJSON feature (RFC 7946) with its point, after a comma unless it is first."""
    longitude, latitude = columns.pop("longitude"), columns.pop("latitude")
    point = func.json_build_object(
        "type", "Point", "coordinates", func.json_build_array(longitude, latitude)
    )
    geometry = case((longitude.is_(None), None), else_=point)
    properties = cast(json_object(columns), JSON)
    feature = func.json_build_object(
        "type", "Feature", "geometry", geometry, "properties", properties
    )
    return case((func.row_number().over() == 1, ""), else_=",").concat(
        cast(feature, Text)
    )


def plain(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column as people read it: true and false, instants by RFC 3339."""
    if isinstance(column.type, Boolean):
        return cast(column, Text)
    return (
        # JSON writes an instant by RFC 3339, and `#>>` takes its text out.
        func.to_json(column).op("#>>")(literal_column("'{}'"))
        if isinstance(column.type, DateTime)
        else column
    )


def _is_one_of(code: ColumnElement[int], characters: str) -> ColumnElement[bool]:
    # Written out: as parameters they would be dozens in every statement.
    codes = ",".join(str(ord(character)) for character in characters)
    listed: ColumnElement[bool] = code == any_(
        literal_column(f"'{{{codes}}}'::integer[]")
    )
    return listed


def harmless(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Text that a spreadsheet would run, after an apostrophe; importing removes it."""
    if not isinstance(column.type, String | NullType):
        return plain(column)
    text = cast(column, Text)
    quote: ColumnElement[str] = literal_column("''''", Text)
    runs = _is_one_of(func.ascii(func.ltrim(text, quote)), DANGEROUS)
    # Cheap, and enough for nearly every cell: the costly look is for suspects.
    suspect = _is_one_of(func.ascii(text), DANGEROUS + "'")
    return case((suspect, case((runs, quote.concat(text)), else_=text)), else_=text)
