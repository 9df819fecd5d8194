"""Who must sit in a body, where it sits, and when it meets."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.bodies.rules import (
    BodyKind,
    Group,
    GroupCount,
    Seat,
    count_groups,
    delegation_error,
    is_valid,
    meeting_dates,
    member_errors,
    seat_errors,
    with_units_above,
)

PILOT = [Group("employment", 2, 2), Group("benefit", 2, 2), Group("team", 1, 1, delegating_kind="local_synergy_team")]
NOWHERE = {"commune_terc": None, "county_terc": None, "voivodeship_terc": None}


def seats(**numbers: int) -> list[Seat]:
    return [Seat(group) for group, number in numbers.items() for _ in range(number)]


def test_n18_source_004_two_and_two_and_one_make_five_and_are_valid() -> None:
    five = seats(employment=2, benefit=2, team=1)
    assert len(five) == 5
    assert is_valid(count_groups(PILOT, five))


def test_n18_source_004_three_and_one_and_one_are_not() -> None:
    counts = count_groups(PILOT, seats(employment=3, benefit=1, team=1))
    assert not is_valid(counts)
    assert counts == [
        GroupCount("employment", 3, 0, 1),
        GroupCount("benefit", 1, 1, 0),
        GroupCount("team", 1, 0, 0),
    ]


@given(st.fixed_dictionaries({group.code: st.integers(0, 5) for group in PILOT}))
def test_of_all_compositions_only_two_and_two_and_one_is_valid(numbers: dict[str, int]) -> None:
    counts = count_groups(PILOT, seats(**numbers))
    assert is_valid(counts) == (numbers == {"employment": 2, "benefit": 2, "team": 1})
    for count, group in zip(counts, PILOT, strict=True):
        assert count.present + count.missing - count.surplus == group.minimum


@given(st.integers(0, 3), st.integers(0, 50))
def test_without_a_head_count_nobody_is_too_many(minimum: int, present: int) -> None:
    [count] = count_groups([Group("open", minimum, None)], seats(open=present))
    assert (count.surplus, is_valid([count])) == (0, present >= minimum)


def test_where_institutions_count_two_people_of_one_are_one() -> None:
    group = Group("stakeholders", 2, None, of_institutions=True)
    [one] = count_groups([group], [Seat("stakeholders", "a"), Seat("stakeholders", "a"), Seat("stakeholders", None)])
    [two] = count_groups([group], [Seat("stakeholders", "a"), Seat("stakeholders", "b")])
    assert (one.present, one.missing, two.missing) == (1, 1, 0)


@pytest.mark.parametrize(
    ("kind", "given_", "wrong"),
    [
        (BodyKind.LOCAL_SYNERGY_TEAM, {"commune_terc": "2469011"}, []),
        (BodyKind.LOCAL_SYNERGY_TEAM, {"commune_terc": "2401044"}, [("commune_terc", "part_of_commune")]),
        (BodyKind.LOCAL_SYNERGY_TEAM, {}, [("commune_terc", "missing")]),
        (
            BodyKind.LOCAL_SYNERGY_TEAM,
            {"commune_terc": "2469011", "county_terc": "2469"},
            [("county_terc", "not_allowed")],
        ),
        (BodyKind.COUNTY_COOPERATION_PLATFORM, {"county_terc": "2469"}, []),
        (
            BodyKind.COUNTY_RESOURCE_COORDINATION_CENTRE,
            {"voivodeship_terc": "24"},
            [("county_terc", "missing"), ("voivodeship_terc", "not_allowed")],
        ),
        (BodyKind.REGIONAL_COOPERATION_PLATFORM, {"voivodeship_terc": "24"}, []),
    ],
)
def test_a_body_sits_at_its_own_level(kind: BodyKind, given_: dict[str, str], wrong: list[tuple[str, str]]) -> None:
    assert seat_errors(kind, NOWHERE | given_) == wrong


def test_the_units_above_follow_from_the_code() -> None:
    assert [*with_units_above(NOWHERE | {"commune_terc": "2469011"}).values()] == ["2469011", "2469", "24"]
    assert [*with_units_above(NOWHERE | {"county_terc": "2469"}).values()] == [None, "2469", "24"]
    assert [*with_units_above(NOWHERE | {"voivodeship_terc": "24"}).values()] == [None, None, "24"]


@pytest.mark.parametrize(
    ("group", "institution", "delegating", "wrong"),
    [
        (Group("a", 1, 1), None, None, []),
        (Group("a", 1, 1), "i", None, []),
        (Group("a", 1, 1), None, "b", [("delegating_body_id", "not_allowed")]),
        (Group("a", 1, 1, of_institutions=True), None, None, [("institution_id", "missing")]),
        (Group("a", 1, 1, delegating_kind="x"), None, None, [("delegating_body_id", "missing")]),
        (Group("a", 1, 1, delegating_kind="x"), None, "b", []),
    ],
)
def test_a_member_stands_for_what_the_group_wants(
    group: Group, institution: str | None, delegating: str | None, wrong: list[tuple[str, str]]
) -> None:
    assert member_errors(group, institution, delegating) == wrong


@pytest.mark.parametrize(
    ("body", "changes", "wrong"),
    [
        ({"county_terc": "2469"}, {}, None),
        ({"county_terc": "2469"}, {"kind": "y"}, "wrong_body_kind"),
        ({"county_terc": "2469"}, {"county_terc": "2401"}, "outside_county"),
        ({"county_terc": "2469"}, {"dissolved_on": date(2026, 1, 1)}, "dissolved"),
        ({"county_terc": None}, {"county_terc": "2401"}, None),
        ({"county_terc": None}, {"county_terc": "0619", "voivodeship_terc": "06"}, "outside_voivodeship"),
    ],
)
def test_a_delegating_body_is_of_the_right_kind_and_lies_here(
    body: dict[str, Any], changes: dict[str, Any], wrong: str | None
) -> None:
    delegating = {"kind": "x", "county_terc": "2469", "voivodeship_terc": "24", "dissolved_on": None} | changes
    group = Group("a", 1, None, delegating_kind="x")
    assert delegation_error(group, {"voivodeship_terc": "24"} | body, delegating) == wrong


def test_a_series_keeps_its_day_or_takes_the_last_of_a_short_month() -> None:
    assert meeting_dates(date(2023, 11, 30), 3, 3) == [date(2023, 11, 30), date(2024, 2, 29), date(2024, 5, 30)]
    assert meeting_dates(date(2024, 1, 31), None, None) == [date(2024, 1, 31)]


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(1, 12), st.integers(1, 24))
def test_a_series_has_its_length_and_its_distance(first_on: date, every: int, times: int) -> None:
    days = meeting_dates(first_on, every, times)
    assert (len(days), days[0]) == (times, first_on)
    months = [day.year * 12 + day.month for day in days]
    assert {later - earlier for earlier, later in pairwise(months)} <= {every}
    assert all(day.day <= first_on.day for day in days)
