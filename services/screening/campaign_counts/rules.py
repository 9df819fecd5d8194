"""The states in which a campaign counts a child, and the roll-up of its counts. Pure."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from services.screening.campaigns.rules.disclosure import Counts
from services.screening.instruments.rules.outcomes import Sex

OUTCOMES = ("negative", "undetermined", "positive")
STAGE_ONE = ("none", "incomplete", *OUTCOMES)
SEXES = tuple(sex.value for sex in Sex)
STAGE_TWO = ("not_selected", "not_started", "incomplete", *OUTCOMES)


class SubjectKey(NamedTuple):
    """By what a campaign knows a child: a reference within a county."""

    subject_ref: str
    county_terc: str


class RollUp(NamedTuple):
    """The roll-up of a campaign, column by column; `subjects` are alike in all the others.

    A county stands as its code, a number; an implementer as the place among the campaign's codes in
    order; sex and stages as their places in SEXES, STAGE_ONE and STAGE_TWO.
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
        """The codes of its counties, each once."""
        return [f"{number:04}" for number in np.unique(self.county).tolist()]


def parse_roll_up(columns: Iterable[bytes | None]) -> RollUp:
    """A roll-up from its columns in order, each as whole numbers of four bytes, big-endian."""
    return RollUp(
        *[np.frombuffer(column or b"", ">i4").astype(np.int64) for column in columns]
    )


EMPTY_ROLL_UP = parse_roll_up([None] * len(RollUp._fields))
