"""Whom a support service is for."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.casework.case_referrals.rules import Child, Offer, age_months, unsuitable
from services.casework.laws.rules.days import months_after

DAY = date(2026, 3, 2)
CHILD = Child(DAY, date(2023, 3, 2), is_expected=False, documents=["disability_ruling"])


@pytest.mark.parametrize(
    ("born_on", "day", "months"),
    [
        (date(2026, 3, 2), date(2026, 3, 2), 0),
        (date(2024, 2, 29), date(2025, 2, 28), 11),
        (date(2024, 2, 29), date(2025, 3, 1), 12),
        (date(2025, 1, 31), date(2025, 2, 28), 0),
        (date(2020, 12, 31), date(2026, 12, 30), 71),
    ],
)
def test_an_age_is_in_completed_months(born_on: date, day: date, months: int) -> None:
    assert age_months(born_on, day) == months


@given(st.dates(date(1990, 1, 1), date(2026, 1, 1)), st.integers(0, 360))
def test_an_age_grows_on_the_day_of_birth_and_not_before(born_on: date, months: int) -> None:
    day = months_after(born_on, months)
    assert age_months(born_on, day - timedelta(days=1)) < months
    assert age_months(born_on, day) == months or day.day < born_on.day


@pytest.mark.parametrize(
    ("offer", "reasons"),
    [
        (Offer(), []),
        (Offer(age_from_months=36, age_to_months=37), []),
        (Offer(age_from_months=37), ["too_young"]),
        (Offer(age_to_months=36), ["too_old"]),
        (Offer(eligibility_documents=["disability_ruling", "medical_certificate"]), []),
        (Offer(eligibility_documents=["medical_certificate"]), ["lacks_document"]),
        (Offer(offered_from=DAY, offered_to=DAY), []),
        (Offer(offered_from=date(2026, 3, 3)), ["not_offered"]),
        (Offer(offered_to=date(2026, 3, 1), age_to_months=1), ["not_offered", "too_old"]),
        (Offer(target_groups=["pupil"]), []),
    ],
)
def test_a_service_is_for_a_child_of_its_ages_with_one_of_its_documents_while_it_is_offered(
    offer: Offer, reasons: list[str]
) -> None:
    assert unsuitable(CHILD, offer) == reasons


@pytest.mark.parametrize(
    ("offer", "reasons"),
    [
        (Offer(), []),
        (Offer(target_groups=["child", "expecting_family"], age_from_months=12), []),
        (Offer(target_groups=["child"]), ["not_born"]),
        (Offer(target_groups=["child"], offered_to=date(2026, 3, 1)), ["not_offered", "not_born"]),
    ],
)
def test_for_a_child_who_is_not_born_the_family_counts_and_no_age(offer: Offer, reasons: list[str]) -> None:
    expected = CHILD._replace(born_on=None, is_expected=True)
    assert unsuitable(expected, offer) == reasons


def test_an_age_that_is_not_known_is_not_judged() -> None:
    assert unsuitable(CHILD._replace(born_on=None), Offer(age_to_months=1)) == []
