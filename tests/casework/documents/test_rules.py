"""What a document states, and what falls due by it on any day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.pl import regon

from services.casework.documents.rules.deadlines import (
    DeadlineCode,
    DocumentDates,
    appeal_error,
    deadlines,
)
from services.casework.documents.rules.kinds import (
    OF_PANEL,
    RULINGS,
    DocumentKind,
    DocumentOutcome,
    fact_errors,
    is_regon,
)
from services.casework.laws.rules.values import LAWS, in_force

TODAY = date(2026, 3, 2)
SPECIAL = DocumentKind.SPECIAL_EDUCATION_RULING
OPINION = DocumentKind.EARLY_SUPPORT_NEED_OPINION
STATED = {
    "issuer_regon": "123456785",
    "number": "12/2026",
    "issued_on": date(2026, 2, 2),
    "outcome": DocumentOutcome.NEED_FOUND,
}
RULING = DocumentDates(
    SPECIAL,
    DocumentOutcome.NEED_FOUND,
    issued_on=date(2025, 10, 1),
    delivered_on=date(2025, 10, 6),
    handed_in_on=date(2025, 10, 10),
)


def due(document: DocumentDates, day: date) -> list[tuple[str, date]]:
    return [(each.code.value, each.due_on) for each in deadlines(document, day)]


def test_a_panel_issues_four_rulings_and_one_opinion() -> None:
    assert len(RULINGS) == 4
    assert {OPINION} == OF_PANEL - RULINGS


def test_every_document_that_admits_to_a_lead_centre_is_of_a_kind() -> None:
    assert in_force(LAWS.eligibility, TODAY).documents <= set(DocumentKind)


@pytest.mark.parametrize("number", ["192598184", "123456785", "12345678512347"])
def test_a_right_regon_is_taken(number: str) -> None:
    assert is_regon(number)


@pytest.mark.parametrize(
    "number",
    [
        "192598183",
        "12345678512348",
        "12345678612342",
        "123-456-785",
        "123456785 ",
        "123456785\n",
        "١٢٣٤٥٦٧٨٥",
        "12345678",
        "",
    ],
)
def test_a_wrong_regon_or_one_with_separators_is_not(number: str) -> None:
    assert not is_regon(number)


@given(st.from_regex(r"[0-9]{8}", fullmatch=True), st.integers(1, 9))
def test_any_other_check_digit_is_wrong(digits: str, shift: int) -> None:
    check = int(regon.calc_check_digit(digits))
    assert is_regon(f"{digits}{check}")
    assert not is_regon(f"{digits}{(check + shift) % 10}")


@pytest.mark.parametrize("kind", sorted(OF_PANEL))
def test_a_panels_document_states_issuer_number_day_and_outcome(
    kind: DocumentKind,
) -> None:
    assert fact_errors(kind, STATED, TODAY) == []
    assert fact_errors(kind, {}, TODAY) == [(name, "missing") for name in STATED]


@pytest.mark.parametrize("kind", sorted(OF_PANEL))
def test_what_is_applied_for_states_the_day_of_the_application(kind: DocumentKind) -> None:
    applied = {"applied_on": date(2026, 1, 15), "is_complex": True, "wopfu_on": []}
    assert fact_errors(kind, applied, TODAY) == []
    wrong = fact_errors(kind, applied | {"number": "12/2026"}, TODAY)
    assert wrong == [(name, "missing") for name in ("issuer_regon", "issued_on", "outcome")]


def test_of_days_before_the_first_values_of_law_nothing_is_known() -> None:
    old = RULING._replace(delivered_on=date(2016, 2, 1), handed_in_on=date(2016, 2, 2))
    assert due(old, TODAY) == []
    assert appeal_error(SPECIAL, date(2016, 2, 1), date(2016, 2, 2)) == "too_late"


@pytest.mark.parametrize(
    ("kind", "facts", "errors"),
    [
        (SPECIAL, {"issuer_regon": "123456784"}, [("issuer_regon", "invalid")]),
        (SPECIAL, {"issued_on": date(2026, 3, 3)}, [("issued_on", "in_future")]),
        (SPECIAL, {"applied_on": date(2026, 2, 3)}, [("issued_on", "wrong_order")]),
        (SPECIAL, {"delivered_on": date(2026, 2, 1)}, [("delivered_on", "wrong_order")]),
        (SPECIAL, {"valid_to": date(2026, 2, 1)}, [("valid_to", "wrong_order")]),
        (SPECIAL, {"valid_to": date(2026, 2, 2)}, []),
        (SPECIAL, {"delivered_on": date(2026, 2, 2)}, []),
        (
            SPECIAL,
            {"has_multiple_disabilities": True},
            [("multiple_disabilities_reason", "missing")],
        ),
        (
            SPECIAL,
            {"multiple_disabilities_reason": "hearing and motor"},
            [("multiple_disabilities_reason", "not_allowed")],
        ),
        (
            OPINION,
            {"has_multiple_disabilities": True},
            [("has_multiple_disabilities", "not_allowed")],
        ),
        (OPINION, {"has_multiple_disabilities": False}, []),
        ("disability_ruling", {}, [("outcome", "not_allowed")]),
        ("disability_ruling", {"outcome": None, "issuer_regon": None}, []),
    ],
)
def test_what_a_document_states_wrongly_is_named(
    kind: str, facts: dict[str, object], errors: list[tuple[str, str]]
) -> None:
    assert fact_errors(DocumentKind(kind), STATED | facts, TODAY) == errors


def test_a_document_is_issued_in_30_days_and_a_complex_one_in_60() -> None:
    applied = DocumentDates(OPINION, applied_on=date(2026, 1, 15))
    assert due(applied, TODAY) == [("issue", date(2026, 2, 14))]
    assert due(applied._replace(is_complex=True), TODAY) == [("issue", date(2026, 3, 16))]


def test_a_document_of_a_panel_is_delivered_within_7_days() -> None:
    issued = DocumentDates(OPINION, issued_on=date(2026, 2, 26))
    assert due(issued, TODAY) == [("delivery", date(2026, 3, 5))]
    late = deadlines(issued, date(2026, 3, 6))
    assert [each.is_overdue for each in late] == [True]
    assert [each.is_overdue for each in deadlines(issued, date(2026, 3, 5))] == [False]
    assert late[0].source is not None
    assert "§ 24" in late[0].source.paragraph
    assert due(issued._replace(kind=DocumentKind.DISABILITY_RULING), TODAY) == []


def test_a_delivered_ruling_is_appealed_within_14_days_and_an_opinion_never() -> None:
    ruling = DocumentDates(
        DocumentKind.INDIVIDUAL_TEACHING_RULING,
        DocumentOutcome.NEED_NOT_FOUND,
        issued_on=date(2026, 2, 20),
        delivered_on=date(2026, 2, 23),
    )
    assert due(ruling, date(2026, 3, 9)) == [("appeal", date(2026, 3, 9))]
    assert due(ruling, date(2026, 3, 10)) == []
    assert due(ruling._replace(appealed_on=date(2026, 3, 1)), TODAY) == []
    assert due(ruling._replace(kind=OPINION), TODAY) == []


@pytest.mark.parametrize(
    ("kind", "delivered_on", "day", "error"),
    [
        (SPECIAL, date(2026, 2, 23), date(2026, 3, 9), None),
        (SPECIAL, date(2026, 2, 23), date(2026, 3, 10), "too_late"),
        (SPECIAL, date(2026, 2, 23), date(2026, 2, 22), "not_delivered"),
        (SPECIAL, None, TODAY, "not_delivered"),
        (OPINION, date(2026, 2, 23), TODAY, "not_appealable"),
        (DocumentKind.DISABILITY_RULING, date(2026, 2, 23), TODAY, "not_appealable"),
    ],
)
def test_only_a_ruling_is_appealed_and_only_in_time(
    kind: DocumentKind, delivered_on: date | None, day: date, error: str | None
) -> None:
    assert appeal_error(kind, delivered_on, day) == error


def test_a_school_makes_a_programme_and_assesses_twice_a_year() -> None:
    first = [("ipet", date(2025, 11, 9)), ("wopfu", date(2026, 1, 31))]
    second = [("wopfu", date(2026, 6, 30))]
    day = date(2025, 11, 1)
    assert due(RULING, day) == first + second
    done = RULING._replace(ipet_on=day)
    assert due(done, day) == [first[1], *second]
    assessed = done._replace(wopfu_on=[date(2026, 1, 20)])
    assert due(assessed, TODAY) == second
    twice = done._replace(wopfu_on=[date(2026, 1, 20), date(2026, 2, 20)])
    assert due(twice, TODAY) == []


def test_a_new_school_year_wants_assessments_of_its_own() -> None:
    done = RULING._replace(ipet_on=date(2025, 11, 1), wopfu_on=[date(2026, 1, 20), date(2026, 6, 1)])
    assert due(done, date(2026, 8, 31)) == []
    assert due(done, date(2026, 9, 1)) == [
        ("wopfu", date(2027, 1, 31)),
        ("wopfu", date(2027, 6, 30)),
    ]


def test_a_pupil_who_begins_with_the_school_year_has_a_programme_by_30_september() -> None:
    begins = RULING._replace(
        delivered_on=None,
        issued_on=None,
        handed_in_on=date(2025, 6, 12),
        begins_with_school_year=True,
    )
    programme = ("ipet", date(2025, 9, 30))
    assert due(begins, date(2025, 8, 1)) == [programme]
    assessments = [("wopfu", date(2026, 1, 31)), ("wopfu", date(2026, 6, 30))]
    assert due(begins, date(2025, 9, 1)) == [programme, *assessments]


def test_a_ruling_handed_in_late_wants_what_remains_of_the_year() -> None:
    late = RULING._replace(handed_in_on=date(2026, 3, 1), ipet_on=TODAY)
    assert due(late, TODAY) == [("wopfu", date(2026, 6, 30))]


def test_the_first_and_the_last_day_of_a_ruling_count() -> None:
    done = RULING._replace(ipet_on=date(2025, 11, 1))
    handed_in_on = date(2025, 10, 10)
    on_that_day = done._replace(wopfu_on=[handed_in_on])
    assert due(on_that_day, handed_in_on) == [
        ("appeal", date(2025, 10, 20)),
        ("wopfu", date(2026, 6, 30)),
    ]
    last = date(2026, 1, 31)
    ending = done._replace(valid_to=last)
    assert due(ending, TODAY) == [("expiry", last), ("wopfu", last)]
    beginning = done._replace(handed_in_on=last)
    assert ("wopfu", last) in due(beginning, last)


def test_a_ruling_that_ends_wants_nothing_after_its_last_day() -> None:
    ending = RULING._replace(ipet_on=date(2025, 11, 1), valid_to=date(2026, 3, 31))
    assert due(ending, date(2025, 11, 1)) == [
        ("wopfu", date(2026, 1, 31)),
        ("expiry", date(2026, 3, 31)),
    ]


@pytest.mark.parametrize(
    "document",
    [
        RULING._replace(outcome=DocumentOutcome.NEED_NOT_FOUND),
        RULING._replace(kind=DocumentKind.INDIVIDUAL_TEACHING_RULING),
        RULING._replace(handed_in_on=None),
    ],
)
def test_no_other_document_wants_a_programme(document: DocumentDates) -> None:
    assert due(document, TODAY) == []


@given(
    st.dates(date(2018, 1, 1), date(2060, 1, 1)),
    st.integers(0, 400),
    st.lists(st.integers(0, 800), max_size=5),
)
def test_deadlines_are_in_order_and_doing_more_never_adds_one(
    handed_in_on: date, later: int, assessed: list[int]
) -> None:
    day = handed_in_on + timedelta(days=later)
    wopfu_on = [handed_in_on + timedelta(days=each) for each in assessed]
    before = deadlines(RULING._replace(handed_in_on=handed_in_on), day)
    after = deadlines(RULING._replace(handed_in_on=handed_in_on, wopfu_on=wopfu_on), day)
    assert [each.due_on for each in before] == sorted(each.due_on for each in before)
    assert {*after} <= {*before}
    overdue = [each for each in before if each.code is not DeadlineCode.APPEAL]
    assert all(each.is_overdue is (each.due_on < day) for each in overdue)
