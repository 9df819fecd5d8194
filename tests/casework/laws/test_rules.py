"""Every last day by the law in force, for any day; days computed by hand from the acts."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.casework.laws.rules.days import (
    answer_due_on,
    ipet_due_on,
    is_of_age,
    months_after,
    of_age_on,
    review_due_on,
    school_year_begins_on,
    wopfu_due_on,
    wopfu_outstanding,
)
from services.casework.laws.rules.values import (
    HOUSE,
    LAWS,
    EarlySupport,
    LawNotKnown,
    LegalBasis,
    Majority,
    MonthDay,
    Source,
    WopfuDays,
    in_force,
)

DAYS = st.dates(date(2018, 5, 25), date(2080, 12, 31))
TABLES = sorted(LAWS._fields)


def test_early_support_takes_4_to_8_hours_a_month_in_groups_of_3() -> None:
    hours = in_force(LAWS.early_support, date(2026, 3, 2))
    assert (hours.fewest_hours, hours.most_hours, hours.largest_group) == (4, 8, 3)


def test_a_reform_holds_from_its_first_day_and_leaves_the_past_as_it_was() -> None:
    reform = EarlySupport(date(2026, 9, 1), Source("reform", "§ 1"), 5, 10, 4)
    table = (reform, *LAWS.early_support)
    assert in_force(table, date(2026, 8, 31)).most_hours == 8
    assert in_force(table, date(2026, 9, 1)).most_hours == 10


@pytest.mark.parametrize(
    ("table", "first_day"),
    [
        ("early_support", date(2017, 9, 1)),
        ("majority", date(1965, 1, 1)),
        ("data_subject_request", date(2018, 5, 25)),
    ],
)
def test_before_the_first_entry_a_table_refuses_to_answer(table: str, first_day: date) -> None:
    entries = getattr(LAWS, table)
    assert in_force(entries, first_day).valid_from == first_day
    with pytest.raises(LawNotKnown) as refusal:
        in_force(entries, first_day - timedelta(days=1))
    assert refusal.value.members == {"known_from": first_day.isoformat()}


@pytest.mark.parametrize("table", TABLES)
def test_every_value_names_its_source_or_is_marked_as_a_default(table: str) -> None:
    for entry in getattr(LAWS, table):
        is_default = entry.source.basis is LegalBasis.HOUSE_DEFAULT
        assert entry.source.act
        assert bool(entry.source.paragraph) is not is_default
        assert is_default is (table in {"attention", "monitoring", "reaction", "wopfu_days"})


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 3, 5), 0, date(2026, 3, 5)),
    ],
)
def test_a_month_later_is_the_same_number_or_the_last_day(day: date, months: int, expected: date) -> None:
    assert months_after(day, months) == expected


@given(DAYS, st.integers(0, 240))
def test_months_later_keep_the_month_and_never_pass_the_number(day: date, months: int) -> None:
    later = months_after(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day <= day.day
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    # Civil Code, art. 112, both sentences worked out by hand: where the last month has no such day the term ends on the
    # last day of that month, and an age is reached as this day begins.
    ("born_on", "comes_of_age_on"),
    [
        (date(2008, 5, 4), date(2026, 5, 4)),
        (date(2008, 2, 29), date(2026, 2, 28)),
        (date(2000, 2, 29), date(2018, 2, 28)),
        (date(2010, 2, 28), date(2028, 2, 28)),
        (date(2006, 2, 28), date(2024, 2, 28)),
        (date(2006, 3, 1), date(2024, 3, 1)),
        (date(2010, 5, 31), date(2028, 5, 31)),
    ],
)
def test_a_pupil_comes_of_age_on_the_eighteenth_birthday(born_on: date, comes_of_age_on: date) -> None:
    assert of_age_on(born_on) == comes_of_age_on
    assert is_of_age(born_on, comes_of_age_on)
    assert not is_of_age(born_on, comes_of_age_on - timedelta(days=1))


def test_the_age_of_majority_is_configuration() -> None:
    at_21 = LAWS._replace(majority=(Majority(date(1900, 1, 1), Source("a", "b"), 21),))
    assert is_of_age(date(2008, 5, 4), date(2026, 5, 4))
    assert not is_of_age(date(2008, 5, 4), date(2026, 5, 4), at_21)


@pytest.mark.parametrize(
    ("handed_in_on", "begins", "due_on"),
    [
        (date(2025, 6, 12), True, date(2025, 9, 30)),
        (date(2025, 9, 30), True, date(2025, 9, 30)),
        (date(2025, 10, 1), True, date(2026, 9, 30)),
        (date(2025, 10, 10), False, date(2025, 11, 9)),
        (date(2026, 1, 30), False, date(2026, 3, 1)),
        (date(2024, 1, 30), False, date(2024, 2, 29)),
    ],
)
def test_a_programme_is_due_by_30_september_or_within_30_days(handed_in_on: date, begins: bool, due_on: date) -> None:
    assert ipet_due_on(handed_in_on, begins_with_school_year=begins) == due_on


@pytest.mark.parametrize(
    ("day", "begins_on"),
    [
        (date(2025, 8, 31), date(2024, 9, 1)),
        (date(2025, 9, 1), date(2025, 9, 1)),
        (date(2026, 2, 1), date(2025, 9, 1)),
    ],
)
def test_a_school_year_begins_on_the_first_of_september(day: date, begins_on: date) -> None:
    assert school_year_begins_on(day) == begins_on


def test_two_assessments_of_functioning_fall_due_in_a_school_year() -> None:
    due = [date(2026, 1, 31), date(2026, 6, 30)]
    assert wopfu_due_on(date(2025, 9, 1)) == due
    assert wopfu_due_on(date(2026, 8, 31)) == due


def test_a_first_day_of_the_year_is_of_that_year() -> None:
    days = WopfuDays(date(2017, 9, 1), HOUSE, (MonthDay(8, 31), MonthDay(9, 1)))
    laws = LAWS._replace(wopfu_days=(days,))
    assert wopfu_due_on(date(2026, 3, 2), laws) == [date(2025, 9, 1), date(2026, 8, 31)]


@given(DAYS)
def test_as_many_assessments_fall_due_as_the_law_wants_each_within_its_year(
    day: date,
) -> None:
    due = wopfu_due_on(day)
    assert len(due) == in_force(LAWS.school, day).wopfu_count
    assert {school_year_begins_on(each) for each in due} == {school_year_begins_on(day)}


@pytest.mark.parametrize(
    ("assessed_on", "outstanding"),
    [
        ([], 2),
        ([date(2025, 8, 31)], 2),
        ([date(2025, 9, 1)], 1),
        ([date(2025, 10, 1), date(2026, 3, 1)], 0),
        ([date(2025, 10, 1), date(2026, 3, 2)], 1),
        ([date(2025, 10, 1), date(2025, 11, 1), date(2026, 1, 1)], 0),
    ],
)
def test_only_assessments_of_this_school_year_until_the_day_count(assessed_on: list[date], outstanding: int) -> None:
    assert wopfu_outstanding(assessed_on, date(2026, 3, 1)) == outstanding


def test_a_data_subject_is_answered_within_a_month_or_three() -> None:
    assert answer_due_on(date(2026, 1, 31)) == date(2026, 2, 28)
    assert answer_due_on(date(2026, 1, 31), is_extended=True) == date(2026, 4, 30)


def test_a_case_is_reviewed_every_six_months_by_default() -> None:
    assert review_due_on(date(2025, 8, 31)) == date(2026, 2, 28)
