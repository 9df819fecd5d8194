"""The states in which a campaign counts a child, and the roll-up of its counts. Pure."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from services.screening.campaigns.rules.disclosure import Counts

OUTCOMES = ("negative", "undetermined", "positive")
STAGE_ONE = ("none", "incomplete", *OUTCOMES)
STAGE_TWO = ("not_selected", "not_started", "incomplete", *OUTCOMES)


class SubjectKey(NamedTuple):
    """By what a campaign knows a child: a reference within a county."""

    subject_ref: str
    county_terc: str


class RollUp(NamedTuple):
    """The roll-up of a campaign, column by column; `subjects` are alike in all the others."""

    county: Sequence[str]
    implementer: Sequence[str]
    age_band: Sequence[int] | Counts
    sex: Sequence[str]
    stage_one: Sequence[str]
    stage_two: Sequence[str]
    subjects: Sequence[int] | Counts


EMPTY_ROLL_UP = RollUp((), (), (), (), (), (), ())


def parse_roll_up(columns: Iterable[str | None]) -> RollUp:
    """A roll-up from its columns in order, each as one text with a value on every line."""
    county, implementer, age_band, sex, stage_one, stage_two, subjects = columns
    return RollUp(
        _words(county),
        _words(implementer),
        _numbers(age_band),
        _words(sex),
        _words(stage_one),
        _words(stage_two),
        _numbers(subjects),
    )


def _words(lines: str | None) -> Sequence[str]:
    return lines.split("\n") if lines else []


def _numbers(lines: str | None) -> Counts:
    return np.fromstring(lines or "", np.int64, sep="\n")
