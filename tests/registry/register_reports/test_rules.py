"""What rows of two registers say together."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.register_reports.rules.facts import (
    EntityKind,
    Reconciliation,
    Register,
    contradictions,
    due_on,
    is_late,
    of_the_future,
)
from services.registry.register_reports.rules.rows import STAGING, parse_report_row
from services.registry.register_reports.rules.statistics import (
    LINES,
    Known,
    counted,
    reconciled,
    rounded_percent,
    table,
)

OBTAINED = {(2013, "voivode"): "complete"}
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
_KEYS = st.tuples(st.sampled_from([2012, 2013]), st.sampled_from([*Register]), st.sampled_from("abcdefgh"))
_ROWS = st.dictionaries(_KEYS, st.tuples(st.booleans(), st.booleans())).map(
    lambda found: [
        Known(year, str(register), key, registered, has_report and register is Register.CAS)
        for (year, register, key), (registered, has_report) in found.items()
    ]
)


@given(_ROWS, st.randoms(use_true_random=False))
def test_the_three_classes_make_line_one_and_the_order_of_rows_does_not_matter(rows: list[Known], random: Any) -> None:
    counts = counted(rows)
    shuffled = rows.copy()
    random.shuffle(shuffled)
    assert counted(shuffled) == counts
    years = [2012, 2013]
    whole = table(EntityKind.KIS, years, rows, OBTAINED)
    assert table(EntityKind.KIS, years, shuffled, OBTAINED) == whole
    cells = {line["line"]: line["cells"] for line in whole["lines"]}
    for year, found in counts.items():
        assert found.both + found.cas_only + found.voivode_only == int(cells["1"][str(year)]["value"])
        standing = {row.entity_key for row in rows if row.year == year and (row.registered or row.register == "cas")}
        assert found.total <= len(standing)


@given(_ROWS)
def test_a_number_has_a_value_and_nothing_else_has_one(rows: list[Known]) -> None:
    whole = table(EntityKind.CIS, [2011, 2012, 2013], rows, OBTAINED)
    cells = [cell for line in whole["lines"] for cell in line["cells"].values()]
    assert all((cell["status"] == "number") == (cell["value"] is not None) for cell in cells)
    assert [line["cells"]["2011"]["status"] for line in whole["lines"]] == ["no_data"] * len(LINES)


@pytest.mark.parametrize(
    ("rows", "standing"),
    [
        ([("cas", True)], Reconciliation.BOTH),
        ([("cas", False)], Reconciliation.CAS_ONLY),
        ([("voivode", True)], Reconciliation.VOIVODE_ONLY),
        ([("voivode", False)], None),
        ([("cas", True), ("voivode", True)], Reconciliation.BOTH),
        ([("cas", False), ("voivode", True)], Reconciliation.BOTH),
        ([("cas", True), ("voivode", False)], Reconciliation.CAS_ONLY),
        ([], None),
    ],
)
def test_a_voivodes_own_row_goes_before_what_the_central_register_says(
    rows: list[tuple[str, bool]], standing: Reconciliation | None
) -> None:
    assert reconciled([Known(2013, register, "a", registered, False) for register, registered in rows]) == standing


@pytest.mark.parametrize(
    ("part", "whole", "places", "text"),
    [
        (156, 220, 0, "71"),
        (156, 187, 1, "83.4"),
        (98, 122, 1, "80.3"),
        (1, 200, 0, "1"),
        (1, 8, 0, "13"),
        (0, 5, 0, "0"),
    ],
)
def test_percents_are_rounded_half_up(part: int, whole: int, places: int, text: str) -> None:
    assert rounded_percent(part, whole, places) == text


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
