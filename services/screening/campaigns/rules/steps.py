"""How far the children of a campaign have come, by what is published of it. Pure."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from services.screening.campaigns.rules.counted import (
    OUTCOMES,
    STAGE_ONE,
    STATES,
    Counts,
    Numbers,
)
from services.screening.campaigns.rules.shares import Share, share_of
from services.screening.campaigns.rules.tables import category_of, in_all, of_counties

_COMPLETE = [STAGE_ONE.index(outcome) for outcome in OUTCOMES]


class Steps(NamedTuple):
    """How far the subjects of one place, sex or age have come; what is not told is None.

    Those of stage one are of other counties than those of stage two where one is told and the other
    is not.
    """

    started: int | None
    complete: int | None
    positive: int | None
    selected: int | None
    stage_two_complete: int | None
    stage_one_counties: int
    stage_two_counties: int


def _steps(one: Counts, two: Counts, counties: tuple[int, int], is_live: bool) -> Steps:
    told_one, told_two = (number > 0 or is_live for number in counties)
    return Steps(
        started=int(one[1:].sum()) if told_one else None,
        complete=int(one[2:].sum()) if told_one else None,
        positive=int(one[STAGE_ONE.index("positive")]) if told_one else None,
        selected=int(two[1:].sum()) if told_two else None,
        stage_two_complete=int(two[3:].sum()) if told_two else None,
        stage_one_counties=counties[0],
        stage_two_counties=counties[1],
    )


def steps_in_all(numbers: Numbers) -> Steps:
    """The steps of the whole campaign."""
    (one, first), (two, second) = (
        in_all(numbers, stage) for stage in ("stage_one", "stage_two")
    )
    return _steps(one, two, (first, second), numbers.is_live)


def steps_by_county(numbers: Numbers) -> dict[str, Steps]:
    """The steps of each county."""
    (ones, first), (twos, second) = (
        of_counties(numbers, stage) for stage in ("stage_one", "stage_two")
    )
    return {
        county: _steps(
            ones[place], twos[place], (int(first[place]), int(second[place])), False
        )
        for place, county in enumerate(numbers.frame.counties)
    }


def steps_by(numbers: Numbers, leaf: str) -> list[tuple[dict[str, Any], Steps]]:
    """The steps of each implementer, age band or sex."""
    (ones, first), (twos, second) = (
        in_all(numbers, f"{leaf}_{stage}") for stage in ("stage_one", "stage_two")
    )
    return [
        (
            category_of(numbers.frame, leaf, place),
            _steps(ones[place], twos[place], (first, second), numbers.is_live),
        )
        for place in range(len(ones))
    ]


def shares_of(numbers: Numbers) -> Mapping[str, Share | None]:
    """The shares that people ask for, with their intervals.

    Of who completed stage one is selected: in the counties of which the states of stage two are
    told whatever the outcome of stage one was, since who is selected depends on that.
    """
    steps, told = steps_in_all(numbers), numbers.told[STATES][:, _COMPLETE]
    nobody = numbers.told["stage_one"][:, None] & (
        numbers.counts["stage_one"][:, _COMPLETE] == 0
    )
    whole = np.flatnonzero((told | nobody).all(axis=1))
    states = (numbers.counts[STATES][:, _COMPLETE] * told[:, :, None])[whole].sum(
        axis=(0, 1)
    )
    return {
        "positive_of_complete": share_of(steps.positive, steps.complete),
        "selected_of_complete": share_of(int(states[1:].sum()), int(states.sum())),
        "stage_two_complete_of_selected": share_of(
            steps.stage_two_complete, steps.selected
        ),
    }
