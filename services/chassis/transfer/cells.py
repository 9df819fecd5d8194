"""Columns of a file: as plain text, as JSON, and safe for a spreadsheet."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    JSON,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Float,
    Integer,
    Numeric,
    String,
    Text,
    any_,
    case,
    cast,
    func,
    literal_column,
    select,
)
from sqlalchemy.types import NullType

from services.chassis.data.wire import DecimalText, json_object
from services.chassis.data.work import Rows
from services.chassis.tabular.cells import DANGEROUS
from services.chassis.tabular.sheets import Kind

BOM = b"\xef\xbb\xbf"
Columns = Sequence[ColumnElement[Any]]
# Text that a spreadsheet would read as a number, a day or a time, and spoil.
_CODE: ColumnElement[str] = literal_column("'^[0-9][-0-9 .,:/E+]*$'")
_LOCAL = "Europe/Warsaw"


def of_cells(rows: Rows, as_cell: Callable[[ColumnElement[Any]], Any]) -> Rows:
    """The rows, each column by `as_cell`."""
    columns: Columns = [*rows.selected_columns]
    if any(map(_may_be_list, columns)):
        # As columns of a subquery: an expression would be computed at each mention.
        whole = rows.subquery()
        cells = [as_cell(column).label(column.key) for column in whole.c]
        return select(*cells).select_from(whole)
    return rows.with_only_columns(
        *[as_cell(column).label(column.key) for column in columns]
    )


def by_name(columns: Columns) -> dict[str, ColumnElement[Any]]:
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


def heading(name: str, headings: Mapping[str, str]) -> str:
    """A column's name for people, with its name for programs."""
    return f"{headings[name]} ({name})" if name in headings else name


def head_line(columns: Columns, headings: Mapping[str, str], delimiter: str) -> bytes:
    """The first line of a CSV file."""
    # Written here: as names of columns PostgreSQL would cut them at 63 bytes.
    text = io.StringIO()
    names = [heading(column.key or "", headings) for column in columns]
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerow(names)
    return text.getvalue().encode()


def kind_of(column: ColumnElement[Any]) -> Kind:
    """The kind of a column's cells in a workbook."""
    kinds: list[tuple[Any, Kind]] = [
        (Boolean, "flag"),
        (Integer | Numeric | Float | DecimalText, "number"),
        (DateTime, "instant"),
        (Date, "day"),
    ]
    return next(
        (kind for type_, kind in kinds if isinstance(column.type, type_)), "text"
    )


def _may_be_list(column: ColumnElement[Any]) -> bool:
    # The type of some expressions is known to PostgreSQL alone.
    return isinstance(column.type, ARRAY | JSON | NullType)


def _listed(column: ColumnElement[Any], *, polish: bool = False) -> ColumnElement[Any]:
    """A possible list as `a, b`; with `polish`, of two languages the Polish text."""
    value = func.to_jsonb(column)
    kind, text = func.jsonb_typeof(value), value.op("#>>")(literal_column("'{}'"))
    element = func.jsonb_array_elements_text(value).column_valued("element")
    items = func.string_agg(element, literal_column("', '")).select().scalar_subquery()
    words = value.op("->>")(literal_column("'pl'"))
    whens = [
        (kind == literal_column("'array'"), items),
        (kind == literal_column("'object'"), func.coalesce(words, text)),
    ]
    return case(*(whens if polish else whens[:1]), else_=text)


def plain(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column as people read it: true and false, lists, instants by RFC 3339."""
    if _may_be_list(column):
        return _listed(column)
    if isinstance(column.type, Boolean):
        return cast(column, Text)
    return (
        # JSON writes an instant by RFC 3339, and `#>>` takes its text out.
        func.to_json(column).op("#>>")(literal_column("'{}'"))
        if isinstance(column.type, DateTime)
        else column
    )


def for_polish_sheet(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column of a workbook for people: of words in two languages the Polish ones."""
    return _listed(column, polish=True) if _may_be_list(column) else plain(column)


def _is_one_of(code: ColumnElement[int], characters: str) -> ColumnElement[bool]:
    # Written out: as parameters they would be dozens in every statement.
    codes = ",".join(str(ord(character)) for character in characters)
    is_in: ColumnElement[bool] = code == any_(
        literal_column(f"'{{{codes}}}'::integer[]")
    )
    return is_in


def harmless(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Text, after an apostrophe if a spreadsheet would run it; importing undoes it."""
    if _may_be_list(column):
        return _quoted(_listed(column))
    is_text = kind_of(column) == "text" and isinstance(column.type, String)
    return _quoted(column) if is_text else plain(column)


def _quoted(column: ColumnElement[Any]) -> ColumnElement[Any]:
    text = cast(column, Text)
    quote: ColumnElement[str] = literal_column("''''", Text)
    runs = _is_one_of(func.ascii(func.ltrim(text, quote)), DANGEROUS)
    # Cheap, and enough for nearly every cell: the costly test is for suspects.
    suspect = _is_one_of(func.ascii(text), DANGEROUS + "'")
    return case((suspect, case((runs, quote.concat(text)), else_=text)), else_=text)


def for_polish_excel(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column as a Polish Excel reads it from CSV.

    Decimal commas, local time, words for yes and no; codes of digits stay unchanged in
    `="…"`, which importing removes.
    """
    kind, text = kind_of(column), cast(column, Text)
    if kind == "flag":
        return case(
            (column.is_(None), None), (column, "tak"), else_=literal_column("'nie'")
        )
    if kind == "instant":
        local = func.timezone(literal_column(f"'{_LOCAL}'"), column)
        return func.to_char(local, literal_column("'YYYY-MM-DD HH24:MI:SS'"))
    if kind == "number":
        is_whole = isinstance(column.type, Integer)
        return column if is_whole else _with_comma(text)
    if _may_be_list(column):
        is_number = func.jsonb_typeof(func.to_jsonb(column)) == literal_column(
            "'number'"
        )
        joined = _protected(_listed(column, polish=True))
        return case((is_number, _with_comma(text)), else_=joined)
    return _protected(column) if isinstance(column.type, String) else column


def _with_comma(text: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.replace(text, literal_column("'.'"), literal_column("','"))


def _protected(column: ColumnElement[Any]) -> ColumnElement[Any]:
    text = cast(column, Text)
    armoured = literal_column("'=\"'", Text).concat(text).concat(literal_column("'\"'"))
    return case((text.op("~")(_CODE), armoured), else_=_quoted(text))
