"""The tables of each county, made from a campaign's roll-up. Pure.

A table has a cell for every combination of its categories. All counties' tables of one
name stand in one array, whose first dimension is the county.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.screening.campaign_counts.rules import SEXES, STAGE_ONE, STAGE_TWO, RollUp
from services.screening.campaigns.rules.disclosure import Counts

Mask = NDArray[np.bool_]
BREAKDOWNS = ("implementer", "age_band", "sex")
STAGES = {"stage_one": STAGE_ONE, "stage_two": STAGE_TWO}
TOTAL = "total"
BOTH_STAGES = "stage_one_stage_two"
"""The name of the table with the states of stage two within each outcome of stage one."""
LAYERED = "age_band_sex_stage_one"
"""The name of the table of ages by sexes, with a layer for each outcome of stage one."""
TABLES: Mapping[str, tuple[str, ...]] = {
    TOTAL: (),
    **{name: (name,) for name in (*BREAKDOWNS, "stage_one")},
    BOTH_STAGES: ("stage_one", "stage_two"),
    **{f"{name}_{stage}": (name, stage) for name in BREAKDOWNS for stage in STAGES},
    **{f"age_band_sex_{stage}": (stage, "age_band", "sex") for stage in STAGES},
}
"""Every table of a county: its name and its dimensions."""


@dataclass(frozen=True)
class Frame:
    """The dimensions that differ between campaigns: counties, implementers, edges of ages."""

    counties: Sequence[str]
    implementers: Sequence[str]
    edges: Sequence[int]

    @property
    def categories(self) -> Mapping[str, Sequence[Any]]:
        """The categories of each dimension, in their order."""
        return {
            "implementer": self.implementers,
            "age_band": range(len(self.edges) + 1),
            "sex": SEXES,
            **STAGES,
        }

    def shape(self, table: str) -> tuple[int, ...]:
        """The shape of one county's table."""
        return tuple(len(self.categories[dimension]) for dimension in TABLES[table])


def tabulate(roll_up: RollUp, frame: Frame) -> dict[str, Counts]:
    """Every table of all counties; the first dimension is the county.

    The frame must contain every county and implementer of the roll-up,
    its counties sorted.
    """
    places = roll_up._asdict()
    county = np.searchsorted([int(code) for code in frame.counties], roll_up.county)
    tables = {}
    for table, dimensions in TABLES.items():
        shape = (len(frame.counties), *frame.shape(table))
        # The place of each row's cell in the flattened table, dimension by dimension.
        cell = county
        for dimension, size in zip(dimensions, shape[1:], strict=True):
            cell = cell * size + places[dimension]
        sums = np.bincount(cell, roll_up.subjects, minlength=int(np.prod(shape)))
        # Weighted counts come as floats, exact for whole numbers up to 2^53.
        tables[table] = sums.astype(np.int64).reshape(shape)
    return tables
