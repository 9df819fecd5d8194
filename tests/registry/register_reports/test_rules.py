"""What a row of a register says, and when a report is due."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.register_reports.rules.facts import (
    EntityKind,
    contradictions,
    due_on,
    is_late,
    of_the_future,
)
from services.registry.register_reports.rules.rows import STAGING, parse_report_row

ROW = {
    "kind": "KIS",
    "year": "2013",
    "register": "cas",
    "entity_key": "KIS/1",
    "entity_name": "Klub",
    "county_terc": "2469",
    "registered": "tak",
    "report_submitted_on": "31.01.2014",
}


@pytest.mark.parametrize(("kind", "due"), [("cis", date(2014, 3, 31)), ("kis", date(2014, 1, 31))])
def test_reports_are_due_in_the_year_that_follows(kind: str, due: date) -> None:
    assert due_on(EntityKind(kind), 2013) == due
    assert is_late(EntityKind(kind), 2013, due) is False
    assert is_late(EntityKind(kind), 2013, date(2014, due.month + 1, 1)) is True
    assert is_late(EntityKind(kind), 2013, None) is None


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        ({"register": "cas", "report_submitted_on": date(2014, 1, 2)}, []),
        ({"register": "voivode", "report_submitted_on": None}, []),
        ({"register": "voivode", "report_submitted_on": date(2014, 1, 2)}, [("report_submitted_on", "not_allowed")]),
        ({"register": "cas", "report_submitted_on": date(2012, 12, 31)}, [("report_submitted_on", "wrong_order")]),
    ],
)
def test_a_report_is_of_the_central_register_and_not_before_its_year(
    facts: dict[str, Any], wrong: list[tuple[str, str]]
) -> None:
    assert contradictions(facts | {"year": 2013}) == wrong


def test_nothing_is_known_of_the_future() -> None:
    facts = {"year": 2015, "report_submitted_on": date(2014, 6, 2)}
    assert of_the_future(facts, date(2014, 6, 1)) == [("year", "in_future"), ("report_submitted_on", "in_future")]
    assert of_the_future(facts | {"year": 2014}, date(2014, 6, 2)) == []


def test_a_row_of_a_file_is_read_and_what_is_wrong_is_told_by_field() -> None:
    staged = dict(zip(STAGING, parse_report_row(ROW), strict=True))
    assert (staged["kind"], staged["year"], staged["report_submitted_on"]) == ("kis", 2013, "2014-01-31")
    wrong = {"kind": "ngo", "year": "1999", "county_terc": "24", "entity_name": "", "registered": "może"}
    found = parse_report_row(ROW | wrong)
    assert {(str(problem[0]), str(problem[1])) for problem in found} == {
        ("/kind", "not_listed"),
        ("/year", "too_small"),
        ("/county_terc", "wrong_format"),
        ("/entity_name", "missing"),
        ("/registered", "not_listed"),
    }
    assert parse_report_row(ROW | {"register": "voivode"}) == [("/report_submitted_on", "not_allowed")]


@given(st.dictionaries(st.sampled_from([*ROW, "institution_id"]), st.text(max_size=80)))
def test_any_cells_are_a_row_or_its_problems(cells: dict[str, str]) -> None:
    found = parse_report_row(ROW | cells)
    assert len(found) == len(STAGING) if isinstance(found, tuple) else found
