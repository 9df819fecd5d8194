"""Who may be appointed when, and which days are left without anybody."""

from datetime import date, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.appointments.rules.coverage import Gap, days_of, gaps, new_warnings, warning, window_of
from services.registry.appointments.rules.roles import (
    CODES,
    Contract,
    Role,
    Span,
    contradictions,
    most_allowed,
    most_at_once,
    required_people,
)

FIRST = date(2026, 1, 1)
KWM, ANIMATOR = Role.CROSS_SECTOR_SUPPORT_COORDINATOR, Role.ANIMATOR
NUMBERS = st.integers(0, 20)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    start, length = draw(NUMBERS), draw(st.none() | st.integers(1, 10))
    return Span(day(start), None if length is None else day(start + length))


@given(spans(), spans())
def test_two_spans_overlap_when_they_share_a_day(one: Span, other: Span) -> None:
    shared = any(one.holds(day(number)) and other.holds(day(number)) for number in range(60))
    assert one.overlaps(other) == other.overlaps(one) == shared


@given(spans(), st.lists(spans(), max_size=6))
def test_the_most_at_once_is_what_counting_every_day_gives(within: Span, others: list[Span]) -> None:
    days = [day(number) for number in range(60) if within.holds(day(number))]
    assert most_at_once(within, others) == max(sum(other.holds(one) for other in others) for one in days)


@given(st.lists(spans(), max_size=6), st.integers(1, 3), spans())
def test_gaps_are_the_days_with_too_few_and_no_others(held: list[Span], required: int, window: Span) -> None:
    found = gaps(held, required, window)
    for number in range(60):
        one = day(number)
        present = sum(span.holds(one) for span in held)
        lacking = [gap for gap in found if Span(gap.start, gap.end).holds(one)]
        assert bool(lacking) == (window.holds(one) and present < required)
        assert all(gap.present == present for gap in lacking)
    for earlier, later in pairwise(found):
        assert earlier.end is not None
        assert earlier.end < later.start or (earlier.end == later.start and earlier.present != later.present)


def test_a_gap_is_counted_in_days_up_to_its_end_or_to_today() -> None:
    assert days_of(Gap(day(0), day(3), 0), day(100)) == 3
    assert days_of(Gap(day(0), None, 0), day(0)) == 1
    assert days_of(Gap(day(0), None, 0), day(9)) == 10
    assert days_of(Gap(day(5), None, 0), day(0)) == 0


@pytest.mark.parametrize(
    ("started_on", "ended_on", "ends_on", "held", "window"),
    [
        (None, None, None, [], Span(day(9), None)),
        (None, None, None, [Span(day(3), None), Span(day(1), day(2))], Span(day(1), None)),
        (day(4), None, None, [Span(day(1), None)], Span(day(4), None)),
        (day(4), day(6), day(8), [], Span(day(4), day(7))),
        (day(4), None, day(8), [], Span(day(4), day(9))),
        (None, None, day(8), [], None),
    ],
)
def test_a_site_has_its_people_from_its_start_until_its_end(
    started_on: date | None, ended_on: date | None, ends_on: date | None, held: list[Span], window: Span | None
) -> None:
    site = SimpleNamespace(started_on=started_on, ended_on=ended_on, programme_ends_on=ends_on)
    assert window_of(site, held, day(9)) == window


def facts(**given: Any) -> dict[str, Any]:
    return {"role": KWM, "contract": None, "institution_id": None, "held_from": day(0), "held_to": None} | given


@pytest.mark.parametrize(
    ("given", "programme", "wrong"),
    [
        ({}, {}, []),
        ({"role": ANIMATOR, "contract": Contract.EMPLOYMENT}, {"animators_per_site": 2}, []),
        ({"role": ANIMATOR}, {"animators_per_site": 2}, [("contract", "missing")]),
        ({"role": ANIMATOR, "contract": Contract.CIVIL}, {"animators_per_site": 2}, [("contract", "not_allowed")]),
        ({"role": ANIMATOR, "contract": Contract.EMPLOYMENT}, {}, [("role", "not_allowed")]),
        ({"role": Role.COORDINATING_INSTITUTION_COORDINATOR}, {}, [("institution_id", "missing")]),
        ({"held_to": day(0)}, {}, [("held_to", "wrong_order")]),
        ({"held_to": day(1)}, {}, []),
        ({}, {"starts_on": day(1)}, [("held_from", "outside_programme")]),
        ({}, {"starts_on": day(0), "ends_on": day(0)}, []),
        ({"held_from": day(1)}, {"ends_on": day(0)}, [("held_from", "outside_programme")]),
        ({"held_to": day(9)}, {"ends_on": day(8)}, []),
        ({"held_to": day(10)}, {"ends_on": day(8)}, [("held_to", "outside_programme")]),
    ],
)
def test_what_does_not_go_together_is_named(
    given: dict[str, Any], programme: dict[str, Any], wrong: list[tuple[str, str]]
) -> None:
    of_programme = {"animators_per_site": None, "starts_on": None, "ends_on": None} | programme
    assert contradictions(facts(**given), of_programme) == wrong


def test_one_kwm_and_as_many_animators_as_the_programme_says() -> None:
    assert (most_allowed(KWM, None), most_allowed(ANIMATOR, 2), most_allowed(ANIMATOR, None)) == (1, 2, None)
    assert most_allowed(Role.PUPIL_SCREENING_COORDINATOR, 2) is None
    assert required_people(needs_coordinator=True, animators_per_site=None) == {KWM: 1}
    assert required_people(needs_coordinator=False, animators_per_site=2) == {ANIMATOR: 2}
    assert required_people(needs_coordinator=False, animators_per_site=None) == {}


def test_the_codes_are_those_of_source_000() -> None:
    assert [*CODES.values()] == ["KWM", "KIK", "KBWWR", "KBU"]


def test_only_gaps_that_a_change_leaves_are_warned_of() -> None:
    before, left = Gap(day(0), day(2), 0), Gap(day(5), None, 0)
    assert [one["from"] for one in new_warnings(KWM, 1, [before], [before, left])] == ["2026-01-06"]
    assert new_warnings(KWM, 1, [before, left], [before]) == []


def test_a_warning_says_who_is_missing_from_when_to_when_in_two_languages() -> None:
    told = warning(KWM, Gap(day(0), day(2), 0), 1)
    assert (told["code"], told["role"], told["from"], told["to"]) == (
        "without_coordinator",
        "cross_sector_support_coordinator",
        "2026-01-01",
        "2026-01-03",
    )
    assert told["detail"]["pl"] == "Od 2026-01-01 do 2026-01-02: KWM – jest 0 z 1"
    assert warning(ANIMATOR, Gap(day(0), None, 1), 2)["detail"]["en"] == "From 2026-01-01: animator – 1 of 2 present"
