"""Rows of any register as rows of `staging`: its columns, the readers of cells, and
whether a row is complete. Pure.
"""

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any

from services.chassis.tabular.cells import count, day, digits, flag, line, remembered
from services.chassis.tabular.rows import Taken
from services.chassis.transfer.files import RowProblem
from services.registry.institution_imports.rules import cells
from services.registry.institution_imports.rules.cells import Cells
from services.registry.institutions.rules.facts import contradictions
from services.registry.institutions.rules.kinds import InstitutionType, sector_of

# By column, the type of PostgreSQL that the text sent by COPY is read as.
STAGING: Mapping[str, str] = {
    "source_key": "text",
    "voivodeship_name": "text",
    "county_name": "text",
    "name": "text",
    "type": "text",
    "sector": "text",
    "ownership": "text",
    "reference_level": "text",
    "county_terc": "text",
    "commune_terc": "text",
    "locality": "text",
    "street": "text",
    "building": "text",
    "unit": "text",
    "postcode": "text",
    "post_office": "text",
    "latitude": "double precision",
    "longitude": "double precision",
    "phone": "text",
    "email": "text",
    "website": "text",
    "rspo": "text",
    "regon": "text",
    "nip": "text",
    "krs": "text",
    "running_body": "text",
    "places": "integer",
    "enrolled": "integer",
    "is_accessible": "boolean",
    "opened_on": "date",
    "closed_on": "date",
}

TEXT = line()
NAME, SHORT = remembered(TEXT), remembered(line(100))
DAY, COUNT, FLAG = remembered(day), remembered(count), remembered(flag)
COUNTY_CODE, COMMUNE_CODE = remembered(digits(4)), remembered(digits(7))

# Registers have unreadable values there; an institution is imported without them.
DISPENSABLE = ("phone", "email", "website")
ADDRESS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("locality", "street", "building", "unit", "post_office"), SHORT),
    "running_body": NAME,
    # These differ from row to row, so remembering them would bring nothing.
    "phone": cells.phone,
    "email": cells.email,
    "website": cells.website,
    "postcode": remembered(cells.postcode),
    "regon": cells.regon,
}

Parsed = tuple[Any, ...] | Taken | list[RowProblem]


def kind_of(
    word: str | None, kinds: tuple[tuple[str, InstitutionType], ...]
) -> InstitutionType | None:
    """The kind whose listed beginning the word starts with, ignoring case; None
    where none fits.
    """
    text = (word or "").casefold()
    matches = (kind for beginning, kind in kinds if text.startswith(beginning))
    return next(matches, None)


# COPY takes the values in the order of the columns.
_in_order = itemgetter(*STAGING)


def staged(row_cells: Cells) -> Parsed:
    """The row for the staging table, or all its errors."""
    values, problems, warnings = row_cells
    # Nearly all rows are complete, so a single check is enough for them.
    if problems or not _is_complete(values):
        problems += _missing_fields(values, {pointer for pointer, _ in problems})
    # Contradictions are checked only where every value could be read.
    if not problems:
        problems = [
            RowProblem(f"/{field}", code) for field, code in contradictions(values)
        ]
    if problems:
        return problems
    values["sector"] = sector_of(values["type"], values["sector"])
    row: tuple[Any, ...] = _in_order(values)
    return Taken(row, warnings) if warnings else row


def _is_complete(values: dict[str, Any]) -> bool:
    place = values["county_terc"] or values["county_name"]
    return bool(values["source_key"] and values["name"] and values["type"] and place)


def _missing_fields(values: dict[str, Any], reported: set[str]) -> list[RowProblem]:
    fields = [field for field in ("source_key", "name", "type") if not values[field]]
    fields += [] if values["county_terc"] or values["county_name"] else ["county_terc"]
    return [
        RowProblem(f"/{field}", "missing")
        for field in fields
        # A cell that could not be read is None as well, and has its problem already.
        if f"/{field}" not in reported
    ]
