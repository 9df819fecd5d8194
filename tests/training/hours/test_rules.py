"""How sums of hours are told."""

import pytest

from services.training.hours.rules import Qualifier, Verdict, decimal_hours, hours_text, verdict, verdict_text

EXACT, AT_LEAST = Qualifier.EXACT, Qualifier.LOWER_BOUND


@pytest.mark.parametrize(
    ("minutes", "found", "pl", "en"),
    [
        (356 * 60, AT_LEAST, "≥ 356 godz.", "≥ 356 h"),
        (356 * 60, EXACT, "356 godz.", "356 h"),
        (90, EXACT, "1 godz. 30 min", "1 h 30 min"),
        (0, EXACT, "0 godz.", "0 h"),
    ],
)
def test_a_sum_is_told_to_the_minute(minutes: int, found: Qualifier, pl: str, en: str) -> None:
    assert hours_text(minutes, found) == (pl, en)


@pytest.mark.parametrize(
    ("minutes", "found", "decided"),
    [
        (21000, EXACT, Verdict.MET),
        (20999, EXACT, Verdict.NOT_MET),
        (21360, AT_LEAST, Verdict.MET),
        (20999, AT_LEAST, Verdict.UNDECIDED),
    ],
)
def test_a_lower_bound_below_a_number_decides_nothing(minutes: int, found: Qualifier, decided: Verdict) -> None:
    assert verdict(minutes, found, 350) is decided


def test_a_verdict_is_told_in_both_languages() -> None:
    assert verdict_text(350, Verdict.MET) == ("≥ 350 godz.: spełnione", "≥ 350 h: met")
    assert decimal_hours(55) == "0.92"
