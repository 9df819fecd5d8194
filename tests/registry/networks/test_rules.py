"""Which day a network may name."""

from datetime import date

import pytest

from services.registry.networks.rules import day_contradiction

DAY = date(2024, 3, 1)


@pytest.mark.parametrize(
    ("on", "code"),
    [(DAY, None), (date(2024, 2, 1), None), (date(2024, 1, 31), "wrong_order"), (date(2024, 3, 2), "in_future")],
)
def test_a_decision_lies_between_the_last_one_and_today(on: date, code: str | None) -> None:
    assert day_contradiction(on, DAY, date(2024, 1, 1), date(2024, 2, 1), None) == code
