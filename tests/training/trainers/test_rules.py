"""When a trainer is free, by hand."""

from datetime import UTC, date, datetime

import pytest

from services.training.trainers.rules import Availability, Span, has_left, is_available, overlap


def span(begins: int, ends: int) -> Span:
    """From an hour to another of one day."""
    return Span(*[datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (begins, ends)])


def stated(*hours: tuple[int, int], free: bool = True) -> list[Availability]:
    return [Availability(span(*each), free) for each in hours]


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ([], True),
        (stated((8, 10), free=False), False),
        (stated((8, 9), (12, 13), free=False), True),
        (stated((8, 16)), True),
        (stated((8, 10), (10, 16)), True),
        (stated((10, 16), (8, 11)), True),
        (stated((8, 10), (11, 16)), False),
        (stated((10, 16)), False),
        (stated((8, 11)), False),
        (stated((13, 16)), False),
        (stated((8, 16)) + stated((10, 11), free=False), False),
    ],
)
def test_a_trainer_is_free_from_nine_to_noon_if_nothing_stated_says_otherwise(
    known: list[Availability], expected: bool
) -> None:
    assert is_available(known, span(9, 12)) is expected


def test_what_begins_when_the_other_ends_does_not_overlap() -> None:
    assert not overlap(span(8, 10), span(10, 12))
    assert overlap(span(8, 11), span(10, 12))
    assert overlap(span(8, 16), span(10, 12))


def test_a_trainer_trains_on_the_last_day_and_no_longer() -> None:
    last = date(2026, 3, 2)
    assert [has_left(last, day) for day in (date(2026, 3, 2), date(2026, 3, 3))] == [False, True]
    assert not has_left(None, date(2099, 1, 1))
