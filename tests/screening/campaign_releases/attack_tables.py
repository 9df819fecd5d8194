"""The tables of one county as an attacker counts them, over all kinds of children."""

from collections.abc import Iterator

import numpy as np

from services.screening.campaign_counts.rules import STAGE_ONE, STAGE_TWO
from services.screening.campaign_releases.rules.county_tables import BOTH_STAGES, BREAKDOWNS, LAYERED, TOTAL
from services.screening.campaign_releases.rules.county_tables import TABLES as SHAPED
from services.screening.campaign_releases.rules.published import OUTCOME_TABLES
from services.screening.campaigns.rules.disclosure import Counts

OUTCOMES = ("incomplete", "negative", "positive")
STATUSES = ("not_selected", "not_started", "positive")


SHAPE = (2, 2, 2, len(OUTCOMES), len(STATUSES))
"""Children by implementer, age band, sex and status: nothing else occurs, and the attacker knows it."""


AXES = {"implementer": 0, "age_band": 1, "sex": 2, "stage_one": 3, "stage_two": 4}


def tables_of(children: Counts) -> dict[str, Counts]:
    """The tables of a county, in the shapes of the service, from its children by kind."""
    full = np.zeros((2, 2, 3, len(STAGE_ONE), len(STAGE_TWO)), np.int64)
    places = [STAGE_ONE.index(name) for name in OUTCOMES], [STAGE_TWO.index(name) for name in STATUSES]
    full[np.ix_([0, 1], [0, 1], [0, 1], *places)] = children

    def over(*kept: int) -> Counts:
        return np.asarray(full.sum(axis=tuple(axis for axis in range(5) if axis not in kept)))

    found = {TOTAL: over(), BOTH_STAGES: over(3, 4), **{name: over(AXES[name]) for name in (*BREAKDOWNS, "stage_one")}}
    layered = {LAYERED: np.moveaxis(over(1, 2, 3), -1, 0)}
    return found | layered | {f"{leaf}_stage_one": over(AXES[leaf], 3) for leaf in BREAKDOWNS}


def counted_kinds(**categories: int) -> Counts:
    """Which kinds of children a number counts, as 1."""
    found = np.zeros(SHAPE, np.int64)
    found[tuple(categories.get(name, slice(None)) for name in AXES)] = 1
    return found


def _cells(name: str) -> list[tuple[Counts, tuple[int, ...]]]:
    """The numbers of a table: the kinds each counts, and its place in the service's table."""
    if name == TOTAL:
        return [(counted_kinds(), ())]
    if name in OUTCOME_TABLES:
        outcome = OUTCOMES.index(STAGE_ONE[OUTCOME_TABLES[name]])
        statuses = enumerate(STATUSES)
        return [(counted_kinds(stage_one=outcome, stage_two=n), (STAGE_TWO.index(status),)) for n, status in statuses]
    dimensions = SHAPED[name]
    sizes = [SHAPE[AXES[axis]] for axis in dimensions]
    found = []
    for places in np.ndindex(*sizes):
        kinds = counted_kinds(**dict(zip(dimensions, places, strict=True)))
        there = [
            STAGE_ONE.index(OUTCOMES[n]) if axis == "stage_one" else n
            for axis, n in zip(dimensions, places, strict=True)
        ]
        found.append((kinds, tuple(there)))
    return found


TABLES = {
    name: _cells(name)
    for name in (
        TOTAL,
        *BREAKDOWNS,
        "stage_one",
        *(f"stage_two_of_{name}" for name in OUTCOMES),
        *(f"{leaf}_stage_one" for leaf in BREAKDOWNS),
        LAYERED,
    )
}


def numbers() -> Iterator[tuple[str, Counts]]:
    """Every number that is worth asking for, with the kinds of children that it counts."""
    for name, cells in TABLES.items():
        for kinds, place in cells:
            yield f"{name} {place}", kinds
    for outcome in range(len(OUTCOMES)):
        for places in np.ndindex(*SHAPE[:3]):
            parted = dict(zip(BREAKDOWNS, places, strict=True))
            yield f"{places} {OUTCOMES[outcome]}", counted_kinds(**parted, stage_one=outcome)
    for one, other in ((0, 1), (0, 2), (1, 2)):
        for places in np.ndindex(2, 2):
            kinds = counted_kinds(**{BREAKDOWNS[one]: places[0], BREAKDOWNS[other]: places[1]})
            yield f"{BREAKDOWNS[one]} × {BREAKDOWNS[other]} {places}", kinds
