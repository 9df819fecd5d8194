"""The numbers that the first release of a campaign publishes, computed from its cells without the service's code."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

FEW = 5
STAGE_ONE = ("none", "incomplete", "negative", "undetermined", "positive")
COUNTY, IMPLEMENTER, AGE_BAND, SEX, FIRST, SECOND = range(6)
LEAVES = {"implementer": IMPLEMENTER, "age_band": AGE_BAND, "sex": SEX}
Cell = tuple[Any, ...]
Tables = dict[str, Counter[Any] | None]


def numbers_of_first_release(cells: Mapping[Cell, int]) -> dict[tuple[str, Cell], int | None]:
    """Every number by its table and place; None for a number that is not published. A place without
    children has no entry.
    """
    of_county: dict[str, dict[Cell, int]] = defaultdict(dict)
    for cell, children in cells.items():
        of_county[cell[COUNTY]][cell] = children
    by_county = {county: _tables_of_county(here) for county, here in of_county.items()}
    published: dict[tuple[str, Cell], int | None] = {}
    for county, tables in by_county.items():
        for table, numbers in tables.items():
            if "_stage_one" not in table:
                name = "county" if table == "total" else f"county_{table}"
                published[name, (county,)] = 1 if numbers is not None else None
                published |= {(name, (county, *place)): number for place, number in (numbers or {}).items()}
    for table in (*LEAVES, "stage_one", "stage_two", *(f"{leaf}_stage_one" for leaf in LEAVES)):
        parts = [numbers for tables in by_county.values() if (numbers := tables[table]) is not None]
        published[table, ()] = len(parts)
        published |= {(table, place): number for place, number in _sum(parts).items()}
    return published


def _sum(parts: Iterable[Counter[Any]]) -> Counter[Any]:
    total: Counter[Any] = Counter()
    for part in parts:
        total.update(part)
    return total


def _count_by(cells: Mapping[Cell, int], *places: int) -> Counter[Any]:
    counts: Counter[Any] = Counter()
    for cell, children in cells.items():
        counts[tuple(cell[place] for place in places)] += children
    return counts


def _only(cells: Mapping[Cell, int], outcome: str) -> dict[Cell, int]:
    return {cell: children for cell, children in cells.items() if cell[FIRST] == outcome}


def _whole(numbers: Counter[Any]) -> Counter[Any] | None:
    """The table, if it has at least two numbers and none is below FEW; else None."""
    return numbers if len(numbers) >= 2 and min(numbers.values()) >= FEW else None


def _tables_of_county(cells: Mapping[Cell, int]) -> Tables:
    """The tables of a county; all are None when the county's total is below FEW."""
    total = _count_by(cells)
    tables: Tables = {"total": total if total[()] >= FEW else None}
    for table, place in {**LEAVES, "stage_one": FIRST}.items():
        tables[table] = _whole(_count_by(cells, place)) if tables["total"] else None
    outcomes = STAGE_ONE if tables["stage_one"] else ()
    states = [_whole(_count_by(_only(cells, outcome), SECOND)) for outcome in outcomes]
    published = [numbers for numbers in states if numbers is not None]
    tables["stage_two"] = _sum(published) if published else None
    for leaf, place in LEAVES.items():
        both, crossed = tables[leaf] and tables["stage_one"], _count_by(cells, place, FIRST)
        lines = len({row for row, _ in crossed}) * len({column for _, column in crossed})
        is_published = both and len(crossed) == lines and min(crossed.values()) >= FEW
        tables[f"{leaf}_stage_one"] = crossed if is_published else None
    return tables
