"""The table of entities and reports as a sheet, as source 004 prints it. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

Language = Literal["pl", "en"]
_UNITS: Mapping[str, Mapping[Language, str]] = {
    "count": {"pl": "liczba", "en": "number"},
    "percent": {"pl": "%", "en": "%"},
}
# Notes have a column of their own: a spreadsheet that sums numbers
# silently skips texts.
_NOTES: Mapping[str, Mapping[Language, str | None]] = {
    "number": {"pl": None, "en": None},
    "lower_bound": {"pl": "co najmniej", "en": "at least"},
    "no_data": {"pl": "Brak danych", "en": "no data"},
    "not_applicable": {"pl": "x", "en": "x"},
}


def printed_columns(years: Sequence[int]) -> list[str]:
    """The columns of the sheet: for each year a number, and a note why there is none or
    that it is a lower bound.
    """
    of_years = [name for year in years for name in (f"{year}", f"{year}_note")]
    return ["line", "label", "counted_in", *of_years]


def printed(table: Mapping[str, Any], language: Language) -> list[dict[str, Any]]:
    """The rows of the sheet, one for each line of the table: values by column.

    Numbers are integers and notes are texts.
    """
    return [_row(line, table["years"], language) for line in table["lines"]]


def _row(
    line: Mapping[str, Any], years: Sequence[int], language: Language
) -> dict[str, Any]:
    cells = [line["cells"][f"{year}"] for year in years]
    row: dict[str, Any] = {"line": line["line"], "label": line["label"][language]}
    # All cells of a line have one unit; a table without years has no cell.
    row["counted_in"] = next((_UNITS[cell["unit"]][language] for cell in cells), None)
    for year, cell in zip(years, cells, strict=True):
        status = "lower_bound" if cell.get("lower_bound") else cell["status"]
        row[f"{year}"] = None if cell["value"] is None else int(cell["value"])
        row[f"{year}_note"] = _NOTES[status][language]
    return row
