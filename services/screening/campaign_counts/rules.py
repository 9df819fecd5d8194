"""The states in which a campaign counts a child, and the roll-up of its counts. Pure."""

from typing import NamedTuple

import numpy as np

from services.screening.campaigns.rules.disclosure import Counts
from services.screening.instruments.rules.outcomes import Sex

# The order matters: cells of the roll-up hold places in these tuples, and the counts of
# "at least this step" (`campaign_releases.rules.steps`) slice them at a place.
OUTCOMES = ("negative", "undetermined", "positive")
STAGE_ONE = ("none", "incomplete", *OUTCOMES)
SEXES = tuple(sex.value for sex in Sex)
STAGE_TWO = ("not_selected", "not_started", "incomplete", *OUTCOMES)


class SubjectKey(NamedTuple):
    """The key of a child in a campaign: a reference within a county."""

    subject_ref: str
    county_terc: str


class RollUp(NamedTuple):
    """The roll-up of a campaign, column by column.

    `subjects` is how many children are equal in all other columns.

    A county is its code as a number; an implementer is its place among the campaign's
    sorted codes; sex and stages are their places in SEXES, STAGE_ONE and STAGE_TWO.
    """

    county: Counts
    implementer: Counts
    age_band: Counts
    sex: Counts
    stage_one: Counts
    stage_two: Counts
    subjects: Counts

    @property
    def counties(self) -> list[str]:
        """The codes of the counties of the roll-up, each once."""
        return [f"{number:04}" for number in np.unique(self.county).tolist()]


class CellBases(NamedTuple):
    """How many values each category can have in the number of a cell, after the county's code."""

    implementer: int
    age_band: int
    sex: int
    stage_one: int
    stage_two: int


# The largest number, of county 9999, is far below 2^63. The bases leave room for far
# more implementers and age bands than any campaign has.
CELL_BASES = CellBases(
    implementer=100_000,
    age_band=10_000,
    sex=len(SEXES),
    stage_one=len(STAGE_ONE),
    stage_two=len(STAGE_TWO),
)


def parse_roll_up(cells: bytes | None, subjects: bytes | None) -> RollUp:
    """A roll-up from the numbers of its cells (by CELL_BASES) and the counts
    of their subjects.

    Both are big-endian: 8 bytes for a cell, 4 bytes for a count.
    """
    rest = np.frombuffer(cells or b"", ">i8").astype(np.int64)
    places: dict[str, Counts] = {}
    # Backwards: the last category is the lowest digit; the remainder is the county.
    for name, base in reversed(CELL_BASES._asdict().items()):
        rest, places[name] = np.divmod(rest, base)
    numbers = np.frombuffer(subjects or b"", ">i4").astype(np.int64)
    return RollUp(county=rest, **places, subjects=numbers)


EMPTY_ROLL_UP = parse_roll_up(None, None)
