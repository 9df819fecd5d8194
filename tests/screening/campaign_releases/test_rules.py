"""Whatever is compared with whatever was released before, nothing few is seen; and releases do move."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.screening.campaign_releases.rules import (
    Released,
    Terms,
    by_county,
    released_last,
    released_next,
    rolled_up,
)
from services.screening.campaigns.rules.tables import SEXES, TableName, published, rows_of_table, steps_by

TERMS = Terms([36], 5)
COUNTIES = ("0219", "2401", "2469")
Counts = dict[str, dict[Any, int]]
Batch = list[tuple[str, Any, int]]


def counted(live: Counts, batch: Batch) -> Counts:
    """What is counted after so many came into these cells; nobody leaves who is not there."""
    after = {county: dict(cells) for county, cells in live.items()}
    for county, cell, number in batch:
        cells = after.setdefault(county, {})
        cells[cell] = max(0, cells.get(cell, 0) + number)
    return {county: {cell: number for cell, number in cells.items() if number} for county, cells in after.items()}


def told(release: Released) -> dict[Any, int]:
    """Every number that is told of a release, by its place."""
    found = published(rolled_up(release), *TERMS)
    numbers: dict[Any, int | None] = {"total": found.total}
    for table in TableName:
        for row in rows_of_table(found, table):
            numbers[row._replace(subjects=None, is_suppressed=False, distinct_counties=None)] = row.subjects
    for name in ("county", "sex", "age_band", "implementer"):
        for place, steps in steps_by(found, name):
            numbers |= {(name, *place.values(), step): number for step, number in steps._asdict().items()}
    return {place: number for place, number in numbers.items() if number is not None}


def released(batches: list[Batch]) -> Iterator[tuple[Released, Counts]]:
    """What readers have after each batch that led to a release, and what was counted then."""
    live: Counts = {}
    history: list[Released] = []
    for batch in batches:
        live = counted(live, batch)
        moved = released_next(history, live, TERMS)
        if moved:
            history.append({**(history[-1] if history else {}), **moved})
            yield history[-1], live


def small_differences(releases: list[Released]) -> list[Any]:
    found = []
    for before, after in combinations([told(release) for release in releases], 2):
        found += [place for place in before.keys() & after.keys() if 0 < abs(after[place] - before[place]) < 5]
    return found


CELLS = st.tuples(
    st.sampled_from(["counties", "partner"]),
    st.integers(0, 1),
    st.sampled_from(SEXES[:2]),
    st.sampled_from(["incomplete", "negative", "positive"]),
    st.sampled_from(["not_selected", "not_started", "positive"]),
)
NUMBERS = st.integers(-4, 12) | st.sampled_from([20, 40])
BATCHES = st.lists(st.lists(st.tuples(st.sampled_from(COUNTIES), CELLS, NUMBERS), max_size=12), min_size=2, max_size=8)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(BATCHES)
def test_no_two_releases_differ_by_few_in_any_number_that_both_tell(batches: list[Batch]) -> None:
    assert small_differences([release for release, _ in released(batches)]) == []


@settings(max_examples=60, deadline=None)
@given(BATCHES)
def test_the_last_release_is_all_that_is_counted(batches: list[Batch]) -> None:
    live: Counts = {}
    for batch in batches:
        live = counted(live, batch)
    before = [release for release, _ in released(batches)]
    after = {**(before[-1] if before else {}), **released_last(before, live)}
    assert {county: cells for county, cells in after.items() if cells} == {
        county: cells for county, cells in live.items() if cells
    }
    assert by_county(rolled_up(live)) == {county: cells for county, cells in live.items() if cells}


def girls_and_boys(number: int, county: str = "2469", outcome: str = "negative") -> Batch:
    return [(county, ("counties", 0, sex, outcome, "not_selected"), number) for sex in SEXES[:2]]


@pytest.mark.parametrize(
    ("batch", "moves"),
    [
        (girls_and_boys(5), True),
        (girls_and_boys(40), True),
        (girls_and_boys(5)[:1], True),
        (girls_and_boys(2), False),
        ([*girls_and_boys(20)[:1], *girls_and_boys(3)[1:]], False),
        (girls_and_boys(20, outcome="positive")[:1] + girls_and_boys(1)[1:], False),
        (girls_and_boys(-20), True),
        (girls_and_boys(-4), False),
        (girls_and_boys(-6), True),
        ([], False),
    ],
)
def test_a_county_moves_when_every_change_that_would_be_seen_is_of_enough(batch: Batch, moves: bool) -> None:
    first = girls_and_boys(30) + girls_and_boys(30, outcome="positive")
    found = list(released([first, batch]))
    assert len(found) == 1 + moves
    if moves:
        assert found[1][0] == found[1][1]


def test_a_county_of_few_changes_waits_while_others_move() -> None:
    start = [*girls_and_boys(30), *girls_and_boys(30, "2401")]
    first, second = released([start, [*girls_and_boys(10), *girls_and_boys(1, "2401")]])
    assert second[0]["2469"] == second[1]["2469"]
    assert second[0]["2401"] == first[0]["2401"] != second[1]["2401"]


def test_a_county_of_which_few_girls_would_be_seen_waits_while_others_move() -> None:
    start = [*girls_and_boys(30), *girls_and_boys(30, "2401")]
    own = [*girls("2401", negative=2), ("2401", ("counties", 0, "male", "negative", "not_selected"), 10)]
    first, second = released([start, [*girls_and_boys(10), *own]])
    assert second[0]["2469"] == second[1]["2469"]
    assert second[0]["2401"] == first[0]["2401"]


def girls(county: str, **numbers: int) -> Batch:
    return [(county, ("counties", 0, "female", outcome, "not_selected"), n) for outcome, n in numbers.items()]


def test_a_small_step_that_a_release_hides_is_not_seen_across_it_either() -> None:
    """In the second release the rows of two counties are hidden; a third that showed them again would tell +2."""
    start = [part for county in COUNTIES for part in girls(county, negative=30, positive=20)]
    between = girls("2401", incomplete=2, positive=2, negative=10) + girls(
        "2469", incomplete=3, positive=3, negative=10
    )
    after = girls("2401", incomplete=-2, negative=7) + girls("2469", incomplete=-3, negative=8)
    releases = [release for release, _ in released([start, between, after])]
    assert len(releases) == 2
    assert small_differences(releases) == []
