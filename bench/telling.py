"""What of a campaign may be told at its first release, worked out in plain words from its cells."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

FEW = 5
STAGE_ONE = ("none", "incomplete", "negative", "undetermined", "positive")
COUNTY, IMPLEMENTER, AGE_BAND, SEX, FIRST, SECOND = range(6)
LEAVES = {"implementer": IMPLEMENTER, "age_band": AGE_BAND, "sex": SEX}
Cell = tuple[Any, ...]
Told = dict[str, Counter[Any] | None]


def told_at_first(cells: Mapping[Cell, int]) -> dict[tuple[str, Cell], int | None]:
    """Every number by its table and place; None where it is not told. Where nobody is, there is no place."""
    of_county: dict[str, dict[Cell, int]] = defaultdict(dict)
    for cell, children in cells.items():
        of_county[cell[COUNTY]][cell] = children
    told = {county: _told(here) for county, here in of_county.items()}
    found: dict[tuple[str, Cell], int | None] = {}
    for county, tables in told.items():
        for table, numbers in tables.items():
            if "_stage_one" not in table:
                name = "county" if table == "total" else f"county_{table}"
                found[name, (county,)] = 1 if numbers is not None else None
                found |= {(name, (county, *place)): number for place, number in (numbers or {}).items()}
    for table in (*LEAVES, "stage_one", "stage_two", *(f"{leaf}_stage_one" for leaf in LEAVES)):
        parts = [numbers for tables in told.values() if (numbers := tables[table]) is not None]
        found[table, ()] = len(parts)
        found |= {(table, place): number for place, number in _sum(parts).items()}
    return found


def _sum(parts: Iterable[Counter[Any]]) -> Counter[Any]:
    found: Counter[Any] = Counter()
    for part in parts:
        found.update(part)
    return found


def _counted(cells: Mapping[Cell, int], *places: int) -> Counter[Any]:
    found: Counter[Any] = Counter()
    for cell, children in cells.items():
        found[tuple(cell[place] for place in places)] += children
    return found


def _only(cells: Mapping[Cell, int], outcome: str) -> dict[Cell, int]:
    return {cell: children for cell, children in cells.items() if cell[FIRST] == outcome}


def _whole(numbers: Counter[Any]) -> Counter[Any] | None:
    """A table is told when no number of it is of few and two are more."""
    return numbers if len(numbers) >= 2 and min(numbers.values()) >= FEW else None


def _told(cells: Mapping[Cell, int]) -> Told:
    """The tables of a county; those of a county that is not told are not told either."""
    total = _counted(cells)
    found: Told = {"total": total if total[()] >= FEW else None}
    for table, place in {**LEAVES, "stage_one": FIRST}.items():
        found[table] = _whole(_counted(cells, place)) if found["total"] else None
    outcomes = STAGE_ONE if found["stage_one"] else ()
    states = [_whole(_counted(_only(cells, outcome), SECOND)) for outcome in outcomes]
    told = [numbers for numbers in states if numbers is not None]
    found["stage_two"] = _sum(told) if told else None
    for leaf, place in LEAVES.items():
        both, crossed = found[leaf] and found["stage_one"], _counted(cells, place, FIRST)
        lines = len({row for row, _ in crossed}) * len({column for _, column in crossed})
        is_told = both and len(crossed) == lines and min(crossed.values()) >= FEW
        found[f"{leaf}_stage_one"] = crossed if is_told else None
    return found
