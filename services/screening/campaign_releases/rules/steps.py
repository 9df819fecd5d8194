"""How far the children of a campaign have come, by what is published of it. Pure."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from services.screening.campaign_counts.rules import OUTCOMES, STAGE_ONE
from services.screening.campaign_releases.rules.county_tables import BOTH_STAGES
from services.screening.campaign_releases.rules.published import PublishedTables
from services.screening.campaign_releases.rules.shares import Share, share_of
from services.screening.campaign_releases.rules.tables import (
    category_of,
    of_counties,
    sum_over_counties,
)
from services.screening.campaigns.rules.disclosure import Counts

_COMPLETE = [STAGE_ONE.index(outcome) for outcome in OUTCOMES]


class Steps(NamedTuple):
    """How far the subjects of one county, sex or age have come.

    None where it is suppressed.

    The numbers of stage one are of `stage_one_counties` counties, those of stage two of
    `stage_two_counties`: a county may publish one stage and not the other.
    """

    started: int | None
    complete: int | None
    positive: int | None
    selected: int | None
    stage_two_complete: int | None
    stage_one_counties: int
    stage_two_counties: int


class _Stage(NamedTuple):
    """The subjects by their status in a stage, and of how many counties they are."""

    counts: Counts
    counties: int


def _steps(one: _Stage, two: _Stage, *, is_live: bool = False) -> Steps:
    # Live, a sum over no county is a true 0; of released tables it would be a 0 that no
    # county has published.
    shows_one, shows_two = (stage.counties > 0 or is_live for stage in (one, two))
    positive = one.counts[STAGE_ONE.index("positive")]
    return Steps(
        # By the order of STAGE_ONE and STAGE_TWO: what is less far stands before.
        started=int(one.counts[1:].sum()) if shows_one else None,
        complete=int(one.counts[2:].sum()) if shows_one else None,
        positive=int(positive) if shows_one else None,
        selected=int(two.counts[1:].sum()) if shows_two else None,
        stage_two_complete=int(two.counts[3:].sum()) if shows_two else None,
        stage_one_counties=one.counties,
        stage_two_counties=two.counties,
    )


def steps_in_all(tables: PublishedTables) -> Steps:
    """The steps of the whole campaign."""
    one, two = (
        _Stage(*sum_over_counties(tables, stage))
        for stage in ("stage_one", "stage_two")
    )
    return _steps(one, two, is_live=tables.is_live)


def steps_by_county(tables: PublishedTables) -> dict[str, Steps]:
    """The steps of each county by its code."""
    ones, has_one = of_counties(tables, "stage_one")
    twos, has_two = of_counties(tables, "stage_two")
    return {
        county: _steps(
            _Stage(ones[place], int(has_one[place])),
            _Stage(twos[place], int(has_two[place])),
        )
        for place, county in enumerate(tables.frame.counties)
    }


def steps_by(
    tables: PublishedTables, breakdown: str
) -> list[tuple[dict[str, Any], Steps]]:
    """The steps of each implementer, age band or sex, beside its fields."""
    ones, has_one = sum_over_counties(tables, f"{breakdown}_stage_one")
    twos, has_two = sum_over_counties(tables, f"{breakdown}_stage_two")
    return [
        (
            category_of(tables.frame, breakdown, place),
            _steps(
                _Stage(ones[place], has_one),
                _Stage(twos[place], has_two),
                is_live=tables.is_live,
            ),
        )
        for place in range(len(ones))
    ]


def shares_of(tables: PublishedTables) -> Mapping[str, Share | None]:
    """The shares that people ask for, with their intervals."""
    steps = steps_in_all(tables)
    return {
        "positive_of_complete": share_of(steps.positive, steps.complete),
        "selected_of_complete": _selected_of_complete(tables),
        "stage_two_complete_of_selected": share_of(
            steps.stage_two_complete, steps.selected
        ),
    }


def _selected_of_complete(tables: PublishedTables) -> Share | None:
    """The share that is selected of who completed stage one.

    Who is selected depends on the outcome of stage one, so only those counties are
    counted whose states of stage two are published for every outcome that occurs.
    """
    published = tables.published[BOTH_STAGES][:, _COMPLETE]
    # An outcome that nobody has needs no states of stage two, and never has any
    # published.
    has_nobody = tables.published["stage_one"][:, None] & (
        tables.counts["stage_one"][:, _COMPLETE] == 0
    )
    counties = np.flatnonzero((published | has_nobody).all(axis=1))
    counts = tables.counts[BOTH_STAGES][:, _COMPLETE] * published[:, :, None]
    states = counts[counties].sum(axis=(0, 1))
    return share_of(int(states[1:].sum()), int(states.sum()))
