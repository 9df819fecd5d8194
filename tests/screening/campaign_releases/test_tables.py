"""What is told of several counties is the sum of what is told of each; what is not told has no number."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from services.screening.campaign_counts.rules import STAGE_ONE, STAGE_TWO, RollUp
from services.screening.campaign_releases.rules.county_tables import (
    BOTH_STAGES,
    SEXES,
    TABLES,
    Frame,
)
from services.screening.campaign_releases.rules.published import (
    PublishedTables,
    all_live,
    nothing_published,
    with_live,
)
from services.screening.campaign_releases.rules.steps import shares_of, steps_by, steps_in_all
from services.screening.campaign_releases.rules.tables import TableName, distinct_counties, rows_of_table, total_of

FRAME = Frame(["0219", "2401", "2469"], ["partner", "project"], [36])
EMPTY = RollUp(*[()] * 7)


@st.composite
def rolls(draw: st.DrawFn) -> RollUp:
    columns = [FRAME.counties, FRAME.implementers, range(2), SEXES, STAGE_ONE, STAGE_TWO, range(1, 9)]
    rows = draw(st.lists(st.tuples(*(st.sampled_from([*column]) for column in columns)), min_size=1, max_size=30))
    return RollUp(*zip(*rows, strict=True))


@st.composite
def numbers(draw: st.DrawFn) -> PublishedTables:
    """Some tables of some counties told, and a county live."""
    live = all_live(draw(rolls()), FRAME)
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    told = {name: chance.random(mask.shape) < 0.5 for name, mask in live.published.items()}
    partly = PublishedTables(FRAME, live.counts, told, nothing_published(FRAME).released_at, np.zeros(3, np.bool_))
    return with_live(partly, draw(rolls()), draw(st.sampled_from([[], ["2469"]])))


@settings(max_examples=30)
@given(numbers())
def test_a_sum_is_of_the_counties_of_which_the_table_is_told(found: PublishedTables) -> None:
    for table in ("implementer", "age_band", "sex", "stage_one", "stage_two"):
        sums = [*rows_of_table(found, table)]
        by_county = [row for row in rows_of_table(found, f"county_{table}") if row.subjects is not None]
        for row in sums:
            same = ("implementer", "age_from", "age_below", "sex", "status")
            parts = [one for one in by_county if all(getattr(one, name) == getattr(row, name) for name in same)]
            assert row.counties == len(parts)
            assert row.subjects == (sum(one.subjects or 0 for one in parts) if parts else None)
    told = [row.subjects for row in rows_of_table(found, "county") if row.subjects is not None]
    assert total_of(found) == (sum(told) if told else None)
    assert distinct_counties(found) == sum(number > 0 for number in told)


@settings(max_examples=20)
@given(rolls())
def test_live_tables_all_come_to_the_same_and_nothing_is_suppressed(rolled: RollUp) -> None:
    found, subjects = all_live(rolled, FRAME), sum(rolled.subjects)
    for table in TableName:
        rows = [*rows_of_table(found, table)]
        assert sum(row.subjects or 0 for row in rows) == subjects
        assert not any(row.is_suppressed for row in rows)
    assert steps_in_all(found).started == sum(
        number for number, stage in zip(rolled.subjects, rolled.stage_one, strict=True) if stage != "none"
    )


def test_where_nothing_is_told_there_is_no_number_and_no_zero() -> None:
    found = nothing_published(FRAME)
    assert {row.subjects for table in TableName for row in rows_of_table(found, table)} == {None}
    assert total_of(found) is None
    assert {*steps_in_all(found)[:5]} == {None}
    assert {*shares_of(found).values()} == {None}
    assert total_of(all_live(EMPTY, FRAME)) == 0
    assert {*TABLES} == {*found.published}


def test_who_is_selected_is_a_share_where_it_is_told_whatever_the_outcome_was() -> None:
    kinds = [("positive", "not_started", 8), ("positive", "not_selected", 2), ("negative", "not_selected", 30)]
    rows = [("2469", "project", 0, "female", *kind) for kind in kinds]
    live = all_live(RollUp(*zip(*rows, strict=True)), FRAME)
    share = shares_of(live)["selected_of_complete"]
    assert share is not None
    assert share.share == 0.2
    told = {name: mask.copy() for name, mask in live.published.items()}
    told[BOTH_STAGES][:, STAGE_ONE.index("negative")] = False
    partly = PublishedTables(FRAME, live.counts, told, live.released_at, live.live)
    assert shares_of(partly)["selected_of_complete"] is None
    assert steps_in_all(partly).selected == 8


def test_stage_two_by_sex_is_told_of_live_counties_alone() -> None:
    rows = [(county, "project", 0, "female", "positive", "positive", 6) for county in ("2469", "2401")]
    rolled = RollUp(*zip(*rows, strict=True))
    found = with_live(nothing_published(FRAME), rolled, ["2469"])
    [(_, girls), *_] = steps_by(found, "sex")
    assert (girls.stage_two_complete, girls.stage_two_counties) == (6, 1)
