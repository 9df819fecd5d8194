"""When a rule of a network is in force."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.registry.network_rules.models import NetworkRule
from services.registry.network_rules.rules import is_in_force


@given(st.dates(), st.dates(), st.none() | st.dates())
def test_a_rule_is_in_force_from_its_first_day_until_before_its_last(on: date, since: date, to: date | None) -> None:
    days: dict[str, Any] = {"valid_from": since, "valid_to": to}
    assert is_in_force(NetworkRule(**days), on) == (on >= since and (to is None or on < to))
