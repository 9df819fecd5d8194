"""What a support service may say of itself."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.support_services.rules import contradictions, is_offered, parse_point, stale_since

NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        ({}, []),
        ({"capacity": 5, "free_places": 5}, []),
        ({"capacity": 5, "free_places": 6}, [("free_places", "more_than_capacity")]),
        ({"free_places": 0}, [("capacity", "missing")]),
        ({"capacity": 0, "free_places": 0}, []),
        ({"age_from_months": 0, "age_to_months": 1}, []),
        ({"age_from_months": 12, "age_to_months": 12}, [("age_to_months", "wrong_order")]),
        ({"age_from_months": 13, "age_to_months": 12}, [("age_to_months", "wrong_order")]),
        ({"offered_from": date(2026, 1, 1), "offered_to": date(2026, 1, 1)}, []),
        ({"offered_from": date(2026, 1, 2), "offered_to": date(2026, 1, 1)}, [("offered_to", "wrong_order")]),
        (
            {"capacity": 1, "free_places": 2, "age_from_months": 2, "age_to_months": 1},
            [("free_places", "more_than_capacity"), ("age_to_months", "wrong_order")],
        ),
    ],
)
def test_what_does_not_go_together_is_named(facts: dict[str, Any], wrong: list[tuple[str, str]]) -> None:
    assert contradictions(facts) == wrong


@pytest.mark.parametrize(
    ("day", "offered"),
    [(date(2025, 12, 31), False), (date(2026, 1, 1), True), (date(2026, 1, 31), True), (date(2026, 2, 1), False)],
)
def test_the_first_and_the_last_day_count(day: date, offered: bool) -> None:
    assert is_offered(date(2026, 1, 1), date(2026, 1, 31), day) == offered
    assert is_offered(None, None, day)


def test_a_description_is_stale_after_its_days_and_not_before() -> None:
    before = stale_since(NOON, 90)
    assert before == NOON - timedelta(days=90)
    assert not NOON - timedelta(days=90) < before
    assert NOON - timedelta(days=90, microseconds=1) < before


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_point_of_the_earth_is_read(latitude: float, longitude: float) -> None:
    text = f"{latitude:.6f},{longitude:.6f}"
    assert parse_point(text) == (float(f"{latitude:.6f}"), float(f"{longitude:.6f}"))


@given(st.text(max_size=40))
def test_any_text_is_a_point_of_the_earth_or_none(text: str) -> None:
    point = parse_point(text)
    assert point is None or (abs(point[0]) <= 90 and abs(point[1]) <= 180)


@pytest.mark.parametrize(
    "text",
    ["", ",", "50.26", "50.26,19.02,0", "91,19", "50,181", "nan,19", "inf,19", "1e1,19", "1_0,19", " 50,19", "50,+19"],
)
def test_what_is_no_point_is_none(text: str) -> None:
    assert parse_point(text) is None
