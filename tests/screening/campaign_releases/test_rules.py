"""A table of a county is told whole or not at all, and moves when no few have changed; and releases do move."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.screening.campaign_releases.rules.county_tables import BOTH_STAGES, BREAKDOWNS, LAYERED, TOTAL
from services.screening.campaign_releases.rules.published import OUTCOME_TABLES
from services.screening.campaign_releases.rules.releases import Terms, next_release
from services.screening.campaigns.rules.disclosure import Counts, may_publish, threshold_of
from tests.screening.campaign_releases.attack_tables import SHAPE, tables_of

TERMS = Terms(5)
ONE_WAY = (*BREAKDOWNS, "stage_one", *OUTCOME_TABLES)


def children(negative: Any = (0, 0), positive: Any = (0, 0), age_band: int = 0) -> Counts:
    """Girls and boys of one implementer, one age band and these outcomes, of whom nobody is selected."""
    found = np.zeros(SHAPE, np.int64)
    found[0, age_band, :, 1, 0], found[0, age_band, :, 2, 0] = negative, positive
    return found


def told_after(*moments: Counts, terms: Terms = TERMS) -> list[dict[str, Counts]]:
    """What is told anew at each of these moments."""
    told: dict[str, Counts] = {}
    found = []
    for moment in moments:
        found.append(next_release(told, tables_of(moment), terms))
        told |= found[-1]
    return found


@st.composite
def histories(draw: st.DrawFn) -> list[Counts]:
    """Children by kind at some moments: many or few, of many kinds or of few, that come and go."""
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    mean, step = draw(st.sampled_from([0.05, 0.4, 2.0, 8.0])), draw(st.sampled_from([0.05, 0.5, 3.0]))
    kinds = chance.random(SHAPE) < draw(st.sampled_from([0.1, 0.5, 1.0]))
    found = [chance.poisson(mean, SHAPE) * kinds]
    for _ in range(draw(st.integers(0, 6))):
        found.append(np.maximum(found[-1] + (chance.poisson(step, SHAPE) - chance.poisson(step / 2, SHAPE)) * kinds, 0))
    return found


def of_one_implementer(moment: Counts) -> Counts:
    found = moment.copy()
    found[1] = 0
    return found


@settings(max_examples=40)
@given(histories(), st.booleans(), st.integers(5, 9))
def test_nothing_of_few_is_told_and_nothing_changes_by_few(moments: list[Counts], alone: bool, few: int) -> None:
    told: dict[str, Counts] = {}
    there = [of_one_implementer(moment) if alone else moment for moment in moments]
    for anew in told_after(*there, terms=Terms(few, alone)):
        for name, counts in anew.items():
            assert not ((counts > 0) & (counts < few)).any()
            steps = np.abs(counts - told.get(name, counts))
            assert not ((steps > 0) & (steps < few)).any()
        told |= anew


@settings(max_examples=40)
@given(histories(), st.booleans())
def test_every_table_is_of_the_children_that_the_told_total_tells(moments: list[Counts], alone: bool) -> None:
    """Else a table that moves by itself would tell how few have come since the total was told."""
    told: dict[str, Counts] = {}
    for anew in told_after(*moments, terms=Terms(5, alone)):
        told |= anew
        for name in anew:
            if name in OUTCOME_TABLES:
                assert anew[name].sum() == told["stage_one"][OUTCOME_TABLES[name]]
            else:
                assert anew[name].sum() == told[TOTAL]
            if name == LAYERED:
                assert anew[name].sum(axis=2).T.tolist() == told["age_band_stage_one"].tolist()
                assert anew[name].sum(axis=1).T.tolist() == told["sex_stage_one"].tolist()
            elif name.endswith("_stage_one") and name not in OUTCOME_TABLES:
                assert anew[name].sum(axis=0).tolist() == told["stage_one"].tolist()
                assert anew[name].sum(axis=1).tolist() == told[name.removesuffix("_stage_one")].tolist()


def test_ages_by_sexes_are_told_for_all_outcomes_or_for_none() -> None:
    """Of the positives, one age has 4 girls: it cannot be told, and which outcome is held back would say where."""
    older, younger = children((20, 20), (20, 20), age_band=1), children((20, 20), (9, 20))
    told = {name for anew in told_after(older + younger) for name in anew}
    assert LAYERED in told
    few = children((20, 20), (4, 25))
    held = {name for anew in told_after(older + few) for name in anew}
    # Its margins are told: 29 younger and 40 older positives, 24 girls and 45 boys.
    assert held >= {"age_band_stage_one", "sex_stage_one"}
    assert LAYERED not in held


@settings(max_examples=40)
@given(histories())
def test_a_table_of_one_kind_of_children_is_told_like_one_that_holds_few(moments: list[Counts]) -> None:
    """So whoever knows the rule must reckon with all, and with none, wherever a table is not told."""
    for anew in told_after(*moments):
        for name in {*ONE_WAY} & {*anew}:
            assert (anew[name] > 0).sum() >= 2


@pytest.mark.parametrize(
    ("numbers", "is_told"),
    [([5, 5], True), ([5, 0, 9], True), ([5, 4], False), ([60, 0], False), ([0, 0], False), ([60, 1, 5], False)],
)
def test_a_table_is_told_when_two_numbers_are_no_few_and_none_is(numbers: list[int], is_told: bool) -> None:
    assert may_publish(np.array(numbers), 5) is is_told


@pytest.mark.parametrize(("small_cell", "threshold"), [(1, 5), (2, 5), (5, 5), (6, 6), (100, 100)])
def test_five_is_a_floor(small_cell: int, threshold: int) -> None:
    assert threshold_of(small_cell) == threshold


def test_a_county_of_enough_is_told_by_total_sex_and_outcome_and_both() -> None:
    [told] = told_after(children(negative=(20, 21), positive=(8, 9)))
    assert {*told} == {TOTAL, "sex", "stage_one", "sex_stage_one"}
    assert told["sex_stage_one"][:2, 2::2].tolist() == [[20, 8], [21, 9]]


def test_few_girls_are_told_by_no_table_and_by_no_total_that_changes() -> None:
    first, second = told_after(children(negative=(3, 20)), children(negative=(3, 25)))
    assert [{name: counts.tolist() for name, counts in told.items()} for told in (first, second)] == [
        {TOTAL: 23},
        {TOTAL: 28},
    ]


def test_one_child_more_moves_nothing_whether_or_not_the_campaign_ends() -> None:
    before = children(negative=(20, 21), positive=(8, 9))
    assert told_after(before, before + children(positive=(1, 0)))[1] == {}


def test_states_of_stage_two_move_while_stage_one_stays() -> None:
    before, after = (children(negative=(20, 20), positive=(15, 15)) for _ in range(2))
    before[0, 0, :, 2, 0], before[0, 0, :, 2, 1] = 0, 15
    after[0, 0, :, 2, :] = [[0, 9, 6], [0, 9, 6]]
    first, second = told_after(before, after)
    assert "stage_two_of_positive" not in first  # all alike
    assert {*second} == {"stage_two_of_positive"}
    assert tables_of(after)[BOTH_STAGES][4].sum() == second["stage_two_of_positive"].sum() == 30


def test_where_one_implementer_may_screen_its_numbers_are_those_of_the_county() -> None:
    [told] = told_after(children(negative=(20, 21), positive=(8, 9)), terms=Terms(5, has_one_implementer=True))
    assert told["implementer"].tolist() == [58, 0]
    assert told["implementer_stage_one"][0].tolist() == told["stage_one"].tolist()


def test_a_second_implementer_starts_from_what_was_told_of_the_first() -> None:
    before = children(negative=(20, 20), positive=(10, 10))
    [first] = told_after(before, terms=Terms(5, has_one_implementer=True))
    for others, moves in ((children(negative=(1, 2)), False), (children(negative=(5, 5)), True)):
        after = before + children(negative=(5, 5)) + np.flip(others, axis=0)
        assert ("implementer" in next_release(first, tables_of(after), TERMS)) is moves
