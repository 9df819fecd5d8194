"""How rows of the official TERC file, and of a table of populations, become units. Pure.

Source: register TERYT, file TERC (Statistics Poland): UTF-8, `;`, POW empty for a voivodeship, GMI empty for a county.
"""

from collections.abc import Callable, Mapping
from typing import Any

from services.chassis.tabular.cells import CellError, count, day, digits, line
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
# In the order of the code; leading zeros that a spreadsheet dropped are restored.
_PARTS = {"woj": digits(2), "pow": digits(2), "gmi": digits(2), "rodz": digits(1)}
_UNIT = {**_PARTS, "nazwa": line(100), "stan_na": day}


def _read(
    row: Mapping[str, str],
    readers: Mapping[str, Callable[[str], Any]],
    optional: tuple[str, ...],
) -> tuple[dict[str, Any], list[RowProblem]]:
    """The cells of a row as values, None for an empty one, and the errors of the row."""
    values: dict[str, Any] = {}
    problems = []
    for name, reader in readers.items():
        cell = row.get(name, "").strip()
        try:
            values[name] = reader(cell) if cell else None
        except CellError as error:
            problems.append(RowProblem(f"/{name}", str(error)))
        else:
            if not cell and name not in optional:
                problems.append(RowProblem(f"/{name}", "missing"))
    return values, problems


def parse_terc_row(row: Mapping[str, str]) -> tuple[str | None, ...] | list[RowProblem]:
    """A row of the official TERC file; its empty columns show the level.

    The file has the names of voivodeships in capitals, the law has them in lower case,
    as stored here.
    """
    unit, problems = _read(row, _UNIT, optional=("pow", "gmi", "rodz"))
    if problems:
        return problems
    terc = "".join(unit[part] or "" for part in _PARTS)
    # A code has no gaps: a commune without a county would have five digits.
    if len(terc) not in {2, 4, 7}:
        return [RowProblem("/gmi", "missing")]
    if len(terc) == 7 and commune_kind(terc) is None:
        return [RowProblem("/rodz", "not_listed")]
    name, as_of = unit["nazwa"], unit["stan_na"]
    if len(terc) == 2:
        level = Level.VOIVODESHIP
        return terc, level, level, name.lower(), None, as_of
    if len(terc) == 4:
        return terc, Level.COUNTY, county_kind(terc), name, terc[:2], as_of
    return terc, Level.COMMUNE, commune_kind(terc), name, terc[:4], as_of


POPULATION_STAGING = {
    "terc": "text",
    "population": "integer",
    "urban_population": "integer",
    "as_of": "date",
}
POPULATION_FIELDS = {name: name for name in POPULATION_STAGING}


_POPULATION = {
    "terc": digits(2, 4, 7),
    "population": count,
    "urban_population": count,
    "as_of": day,
}


def parse_population_row(
    row: Mapping[str, str],
) -> tuple[str | int | None, ...] | list[RowProblem]:
    """A row of a population table: code of the unit, people in all, people in towns (may be empty), date."""
    # In a rural commune nobody lives in a town, and that cell may be empty.
    values, problems = _read(row, _POPULATION, optional=("urban_population",))
    if problems:
        return problems
    total, urban = values["population"], values["urban_population"]
    if urban is not None and urban > total:
        # Checked here, with the line: the constraint of the table would refuse
        # the whole file.
        return [RowProblem("/urban_population", "too_large")]
    return values["terc"], total, urban, values["as_of"]
