"""How far the children of a campaign have come, by its published numbers. Pure."""

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

    A number is None where it is suppressed.

    The numbers of stage one are sums over `stage_one_counties` counties, those of stage
    two over `stage_two_counties`: a county may publish one stage and not the other.
    """

    started: int | None
    complete: int | None
    positive: int | None
    selected: int | None
    stage_two_complete: int | None
    stage_one_counties: int
    stage_two_counties: int


class _Stage(NamedTuple):
    """The subjects by their status in a stage, and how many counties the sum is over."""

    counts: Counts
    counties: int


def _steps(stage_one: _Stage, stage_two: _Stage, *, is_live: bool = False) -> Steps:
    # In live tables a sum over no county is a true 0; in released tables it would be a
    # 0 that no county has published.
    shows_one, shows_two = (
        stage.counties > 0 or is_live for stage in (stage_one, stage_two)
    )
    positive = stage_one.counts[STAGE_ONE.index("positive")]
    return Steps(
        # By the order of STAGE_ONE and STAGE_TWO: earlier steps come first.
        started=int(stage_one.counts[1:].sum()) if shows_one else None,
        complete=int(stage_one.counts[2:].sum()) if shows_one else None,
        positive=int(positive) if shows_one else None,
        selected=int(stage_two.counts[1:].sum()) if shows_two else None,
        stage_two_complete=int(stage_two.counts[3:].sum()) if shows_two else None,
        stage_one_counties=stage_one.counties,
        stage_two_counties=stage_two.counties,
    )


def steps_in_all(tables: PublishedTables) -> Steps:
    """The steps of the whole campaign."""
    stage_one, stage_two = (
        _Stage(*sum_over_counties(tables, stage))
        for stage in ("stage_one", "stage_two")
    )
    return _steps(stage_one, stage_two, is_live=tables.is_live)


def steps_by_county(tables: PublishedTables) -> dict[str, Steps]:
    """The steps of each county by its code."""
    stage_one, has_stage_one = of_counties(tables, "stage_one")
    stage_two, has_stage_two = of_counties(tables, "stage_two")
    return {
        county: _steps(
            _Stage(stage_one[place], int(has_stage_one[place])),
            _Stage(stage_two[place], int(has_stage_two[place])),
        )
        for place, county in enumerate(tables.frame.counties)
    }


def steps_by(
    tables: PublishedTables, breakdown: str
) -> list[tuple[dict[str, Any], Steps]]:
    """The steps of each implementer, age band or sex, with the fields of its row."""
    stage_one, stage_one_counties = sum_over_counties(tables, f"{breakdown}_stage_one")
    stage_two, stage_two_counties = sum_over_counties(tables, f"{breakdown}_stage_two")
    return [
        (
            category_of(tables.frame, breakdown, place),
            _steps(
                _Stage(stage_one[place], stage_one_counties),
                _Stage(stage_two[place], stage_two_counties),
                is_live=tables.is_live,
            ),
        )
        for place in range(len(stage_one))
    ]


def shares_of(tables: PublishedTables) -> Mapping[str, Share | None]:
    """The shares of the funnel, with their intervals."""
    steps = steps_in_all(tables)
    return {
        "positive_of_complete": share_of(steps.positive, steps.complete),
        "selected_of_complete": _selected_of_complete(tables),
        "stage_two_complete_of_selected": share_of(
            steps.stage_two_complete, steps.selected
        ),
    }


def _selected_of_complete(tables: PublishedTables) -> Share | None:
    """The share of the selected among those who completed stage one.

    The selection depends on the outcome of stage one, so a county counts only if its
    states of stage two are published for every outcome that occurs there.
    """
    published = tables.published[BOTH_STAGES][:, _COMPLETE]
    # An outcome with no children needs no states of stage two, and none are ever
    # published for it.
    has_nobody = tables.published["stage_one"][:, None] & (
        tables.counts["stage_one"][:, _COMPLETE] == 0
    )
    counties = np.flatnonzero((published | has_nobody).all(axis=1))
    counts = tables.counts[BOTH_STAGES][:, _COMPLETE] * published[:, :, None]
    states = counts[counties].sum(axis=(0, 1))
    return share_of(int(states[1:].sum()), int(states.sum()))
