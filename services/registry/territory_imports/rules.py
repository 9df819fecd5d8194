"""How rows of the official TERC file, and of a table of populations, become units. Pure.

Source: register TERYT, file TERC (Statistics Poland): UTF-8, `;`, POW empty for a voivodeship, GMI empty for a county.
"""

import re
import unicodedata
from collections.abc import Mapping

from services.chassis.transfer.files import RowProblem
from services.registry.territories.rules import Level, commune_kind, county_kind

TERC_FIELDS = {
    name: name.lower()
    for name in ("WOJ", "POW", "GMI", "RODZ", "NAZWA", "NAZWA_DOD", "STAN_NA")
}
STAGING = {
    "terc": "text",
    "level": "text",
    "kind": "text",
    "name": "text",
    "parent_terc": "text",
    "as_of": "date",
}
_PART = {"woj": 2, "pow": 2, "gmi": 2, "rodz": 1}
_DATE = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])", re.ASCII)


def parse_terc_row(row: Mapping[str, str]) -> tuple[str | None, ...] | list[RowProblem]:
    """A row of the official TERC file: which columns are empty tells the level.

    Voivodeships are written in capitals there and in lower case in the law; the law's way is taken.
    """
    wrong = [part for part, width in _PART.items() if not _is_part(row, part, width)]
    problems = [RowProblem(f"/{part}", "wrong_format") for part in wrong]
    if not _DATE.fullmatch(row.get("stan_na", "")):
        problems.append(RowProblem("/stan_na", "wrong_format"))
    name = unicodedata.normalize("NFC", row.get("nazwa", "").strip())
    if not name or not name.isprintable() or len(name) > 100:
        problems.append(RowProblem("/nazwa", "missing" if not name else "wrong_format"))
    terc = "".join(row.get(part, "") for part in _PART)
    # The codes have no gaps: a commune without a county, say, has five digits.
    if not problems and len(terc) not in {2, 4, 7}:
        problems.append(RowProblem("/gmi", "missing"))
    if not problems and len(terc) == 7 and commune_kind(terc) is None:
        problems.append(RowProblem("/rodz", "not_listed"))
    if problems:
        return problems
    if len(terc) == 2:
        return (
            terc,
            Level.VOIVODESHIP,
            Level.VOIVODESHIP,
            name.lower(),
            None,
            row["stan_na"],
        )
    if len(terc) == 4:
        return terc, Level.COUNTY, county_kind(terc), name, terc[:2], row["stan_na"]
    return terc, Level.COMMUNE, commune_kind(terc), name, terc[:4], row["stan_na"]


def _is_part(row: Mapping[str, str], part: str, width: int) -> bool:
    cell = row.get(part, "")
    return (not cell and part != "woj") or (
        len(cell) == width and cell.isascii() and cell.isdigit()
    )


POPULATION_STAGING = {
    "terc": "text",
    "population": "integer",
    "urban_population": "integer",
    "as_of": "date",
}
POPULATION_FIELDS = {name: name for name in POPULATION_STAGING}


def parse_population_row(
    row: Mapping[str, str],
) -> tuple[str | int | None, ...] | list[RowProblem]:
    """A row of a population table: code of the unit, people in all, people in towns (may be empty), date."""
    problems = []
    terc, as_of = row.get("terc", "").strip(), row.get("as_of", "").strip()
    if not (terc.isascii() and terc.isdigit() and len(terc) in {2, 4, 7}):
        problems.append(RowProblem("/terc", "wrong_format"))
    if not _DATE.fullmatch(as_of):
        problems.append(RowProblem("/as_of", "wrong_format"))
    people = {
        name: row.get(name, "").strip() for name in ("population", "urban_population")
    }
    for name, cell in people.items():
        # Nobody of a rural commune lives in a town, and that cell may be empty.
        if (cell or name == "population") and not (
            cell.isascii() and cell.isdigit() and len(cell) <= 9
        ):
            problems.append(RowProblem(f"/{name}", "wrong_format"))
    if problems:
        return problems
    total, urban = (
        int(people["population"]),
        int(people["urban_population"]) if people["urban_population"] else None,
    )
    if urban is not None and urban > total:
        # Found here, by its line: the constraint of the table would refuse the whole
        # file.
        return [RowProblem("/urban_population", "too_large")]
    return terc, total, urban, as_of
