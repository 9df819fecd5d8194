"""What is published of few: a table whole or not at all, and anew when no few changed."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.disclosure.cells import (
    Table,
    cells_of,
    may_cross,
    may_publish,
    may_publish_total,
    may_replace,
    threshold_of,
)
from services.chassis.disclosure.releases import TablePlan, next_release

FEW = 5
PLANS = {
    "total": TablePlan(),
    "colour": TablePlan(("total",)),
    "size": TablePlan(("total",)),
    "colour_size": TablePlan(("total", "colour", "size"), rows="colour"),
}
"""Crates by colour, by size and by both."""


def tables(crates: list[list[int]]) -> dict[str, Table]:
    """All tables of crates, by rows of colours and columns of sizes."""
    return {
        "total": sum(map(sum, crates)),
        "colour": [sum(row) for row in crates],
        "size": [sum(column) for column in zip(*crates, strict=True)],
        "colour_size": crates,
    }


@pytest.mark.parametrize(
    ("table", "is_published"),
    [
        ([5, 5], True),
        ([5, 0, 9], True),
        ([5, 4], False),
        ([60, 0], False),
        ([0, 0], False),
        ([60, 1, 5], False),
        ([[5, 0], [0, 5]], True),
        (60, False),
    ],
)
def test_a_table_is_published_with_two_cells_of_enough_and_none_of_few(table: Table, is_published: bool) -> None:
    assert may_publish(table, FEW) is is_published


@pytest.mark.parametrize(
    ("before", "now", "moves"),
    [
        ([30, 40], [35, 45], True),
        ([30, 40], [35, 35], True),
        ([30, 40], [35, 40], False),
        ([30, 40], [34, 45], False),
        ([30, 40], [30, 40], False),
        ([[5, 5], [5, 5]], [[10, 5], [5, 0]], True),
    ],
)
def test_a_table_is_replaced_when_two_cells_changed_by_enough_and_none_by_few(
    before: Table, now: Table, moves: bool
) -> None:
    assert may_replace(before, now, FEW) is moves
    assert may_replace(None, now, FEW)


def test_a_table_is_compared_with_one_of_as_many_cells() -> None:
    with pytest.raises(ValueError, match="zip"):
        may_replace([30, 40], [30, 40, 50], FEW)


@pytest.mark.parametrize(
    ("table", "is_published"),
    [
        ([[5, 0, 6], [7, 0, 9], [0, 0, 0]], True),
        ([[5, 0], [7, 9]], False),
        ([[5, 4], [7, 9]], False),
        ([[0, 0], [0, 0]], True),
    ],
)
def test_a_two_way_table_has_zeros_only_where_a_whole_line_is_empty(table: Table, is_published: bool) -> None:
    assert may_cross(table, FEW) is is_published


@pytest.mark.parametrize(
    ("before", "now", "is_published"),
    [
        (None, 5, True),
        (None, 4, False),
        (None, 0, False),
        (25, 30, True),
        (25, 29, False),
        (25, 20, True),
        (5, 0, False),
    ],
)
def test_a_total_is_published_from_the_threshold_and_moves_by_as_much(
    before: int | None, now: int, is_published: bool
) -> None:
    assert may_publish_total(before, now, FEW) is is_published


@pytest.mark.parametrize(("asked", "threshold"), [(1, 5), (5, 5), (6, 6), (100, 100)])
def test_nobody_lowers_the_threshold_below_five(asked: int, threshold: int) -> None:
    assert threshold_of(asked) == threshold


def test_a_part_waits_for_its_whole() -> None:
    now = tables([[10, 10], [10, 10]])
    assert next_release(PLANS, {}, now, FEW) == list(PLANS)
    later = tables([[12, 10], [12, 10]])  # a total of four more is not published
    assert next_release(PLANS, now, later, FEW) == []
    moved = tables([[15, 15], [15, 15]])
    assert next_release(PLANS, now, moved, FEW) == list(PLANS)


def test_a_two_way_table_waits_for_both_its_margins() -> None:
    few_of_a_size = tables([[20, 1], [20, 1]])
    assert next_release(PLANS, {}, few_of_a_size, FEW) == ["total", "colour"]


def test_what_repeats_other_tables_follows_them() -> None:
    plans = PLANS | {"colour": TablePlan(("total",), is_repetition=True)}
    one_colour = tables([[20, 20], [0, 0]])
    assert "colour" not in next_release(PLANS, {}, one_colour, FEW)
    assert "colour" in next_release(plans, {}, one_colour, FEW)
    assert next_release(plans, one_colour, one_colour, FEW) == []


CRATES = st.lists(
    st.lists(st.sampled_from([0, 0, 1, 4, 5, 6, 20]), min_size=3, max_size=3),
    min_size=2,
    max_size=2,
)


@given(st.lists(CRATES, max_size=6), st.integers(5, 9))
def test_no_few_and_no_change_by_few_is_ever_published(moments: list[list[list[int]]], threshold: int) -> None:
    published: dict[str, Table] = {}
    for moment in moments:
        now = tables(moment)
        for name in next_release(PLANS, published, now, threshold):
            assert not few_in(cells_of(now[name]), threshold)
            before = cells_of(published.get(name, now[name]))
            pairs = zip(cells_of(now[name]), before, strict=True)
            assert not few_in([abs(new - old) for new, old in pairs], threshold)
            published[name] = now[name]
            assert wholes_agree(name, published)


def few_in(cells: list[int], threshold: int) -> bool:
    return any(0 < cell < threshold for cell in cells)


def wholes_agree(name: str, published: Mapping[str, Table]) -> bool:
    """Whether a table that was just published is of the subjects of its wholes."""
    total = sum(cells_of(published[name]))
    return all(sum(cells_of(published[whole])) == total for whole in PLANS[name].wholes)
