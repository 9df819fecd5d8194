"""Whom a member of a body stands for."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from services.registry.bodies.rules import Group
from services.registry.body_members.rules import Ending, delegation_error, ending_errors, ending_of, member_errors


@dataclass
class Body:
    """What of a body decides about delegating."""

    kind: str = "x"
    county_terc: str | None = "2469"
    voivodeship_terc: str = "24"
    dissolved_on: date | None = None
    dissolving_reason: str | None = None


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
        ({"county_terc": "2469"}, {"dissolved_on": date(2026, 1, 2)}, None),
        ({"county_terc": None}, {"county_terc": "2401"}, None),
        ({"county_terc": None}, {"county_terc": "0619", "voivodeship_terc": "06"}, "outside_voivodeship"),
    ],
)
def test_a_delegating_body_is_of_the_right_kind_and_lies_here(
    body: dict[str, Any], changes: dict[str, Any], wrong: str | None
) -> None:
    group = Group("a", 1, None, delegating_kind="x")
    assert delegation_error(group, Body(**body), Body(**changes), date(2026, 1, 1)) == wrong


@pytest.mark.parametrize(
    ("named", "bounds", "ends", "wrong"),
    [
        (None, [], None, None),
        (None, [2024], 2024, None),
        (None, [2025, 2024], 2024, None),
        (2023, [2024], 2023, None),
        (2023, [], 2023, None),
        (2025, [2024], 2025, "outside_validity"),
        (2022, [], 2022, "wrong_order"),
    ],
)
def test_a_seat_that_is_entered_late_ended_with_the_first_body_of_its_own(
    named: int | None, bounds: list[int], ends: int | None, wrong: str | None
) -> None:
    held_from, over = date(2022, 5, 1), [Ending(date(year, 5, 1), "koniec") for year in bounds]
    ending = ending_of(Ending(date(named, 5, 1), "odejście") if named else None, over)
    assert (ending and ending.held_to.year) == ends
    assert ending_errors(held_from, ending, over) == ([("held_to", wrong)] if wrong else [])
