"""Shares of planned minutes, exactly."""

from uuid import UUID

import pytest

from services.training.attendances.rules import Said, Share, list_errors

ANNA, JAN = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("attended", "planned", "percent", "is_enough"),
    [
        (480, 600, 80, True),
        (479, 600, 80, False),
        # 79.9987 % would be 80 % if it were rounded first.
        (59999, 75000, 80, False),
        (0, 0, 0, False),
        (0, 60, 0, True),
    ],
)
def test_a_share_is_reached_exactly(attended: int, planned: int, percent: int, is_enough: bool) -> None:
    assert Share(attended, planned).reaches(percent) is is_enough


def test_a_list_names_everything_that_is_wrong_with_it() -> None:
    said = [Said(ANNA, 120), Said(ANNA, 121), Said(JAN, 0)]
    assert list_errors(said, [ANNA], 120) == [
        ("items/1/trainee_id", "repeated"),
        ("items/1/minutes", "too_large"),
        ("items/2/trainee_id", "without_seat"),
    ]
