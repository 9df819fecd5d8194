"""What those see who may not read a county's cases: tables whole or not at all, never of few; sums over counties."""

import csv
import io
from datetime import date
from random import Random
from typing import Any

import httpx
import openpyxl  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.casework.monitoring_reports.rules.releases import Earlier, next_figures
from services.casework.monitoring_reports.rules.tables import CATEGORIES, Cell, Figures, tabulate
from tests.casework.monitoring_reports.made import (
    FIRST,
    MANAGER,
    REPORTS,
    SECOND,
    drafted,
    moved,
    read,
    submitted,
    table_of,
)
from tests.casework.monitoring_reports.seeded import County, drawn, store
from tests.support.callers import call_as

ELSEWHERE = call_as("county_coordinator", counties=["2401"])


def figures(**tables: tuple[int, ...]) -> Figures:
    """A report of which these tables have these records, each of another child."""
    return tabulate(
        Cell(table, category, number, number)
        for table, numbers in tables.items()
        for category, number in zip(CATEGORIES[table], numbers, strict=True)
    )


def released(now: Figures, before: Figures | None = None, earlier: Earlier | None = None) -> set[str]:
    return {name for name, table in next_figures(now, before or {}, earlier).items() if table == now[name]}


@pytest.mark.parametrize(
    ("tables", "names"),
    [
        ({"cases": (4,), "cases_ended": (4, 0)}, set()),
        ({"cases": (5,), "cases_ended": (5, 0)}, {"cases"}),
        ({"cases": (9,), "cases_ended": (5, 4)}, {"cases"}),
        ({"cases": (10,), "cases_ended": (5, 5)}, {"cases", "cases_ended"}),
        # Of those who are open all are in one state: it is told of no table that has one cell alone.
        ({"cases": (10,), "cases_ended": (5, 5), "open_by_state": (5, 0, 0, 0, 0, 0, 0)}, {"cases", "cases_ended"}),
        ({"support_by_kind": (9, 9, 0, 0, 0)}, set()),
        ({"support_events": (18,), "support_by_kind": (9, 9, 0, 0, 0)}, {"support_events", "support_by_kind"}),
        ({"support_events": (18,), "support_by_kind": (14, 4, 0, 0, 0)}, {"support_events"}),
    ],
)
def test_a_table_is_released_whole_when_none_of_its_numbers_is_few(
    tables: dict[str, tuple[int, ...]], names: set[str]
) -> None:
    assert released(figures(**tables)) == names


def test_many_records_of_few_children_are_not_released() -> None:
    cells = [Cell("support_events", "all", 90, 4), Cell("referrals", "all", 90, 5)]
    assert released(tabulate(cells)) == {"referrals"}


def test_a_report_that_is_submitted_again_replaces_a_table_when_nothing_few_has_changed() -> None:
    first = next_figures(figures(cases=(20,), cases_ended=(12, 8)), {}, None)
    for ended, is_replaced in (((12, 9), False), ((13, 8), False), ((17, 8), False), ((17, 13), True)):
        now = figures(cases=(sum(ended),), cases_ended=ended)
        again = next_figures(now, first, None)
        assert (again["cases_ended"] == now["cases_ended"]) is is_replaced, ended
        assert again["cases_ended"] in (first["cases_ended"], now["cases_ended"])


@pytest.mark.parametrize(
    ("now", "is_adjacent", "names"),
    [
        # 12 were open: of 14 two have come, which nobody is to see; of 17 five.
        ({"cases": (14,), "cases_opened": (12, 2)}, True, set()),
        ({"cases": (12,), "cases_opened": (12, 0)}, True, set()),
        ({"cases": (17,), "cases_opened": (12, 5)}, True, {"cases", "cases_opened"}),
        ({"cases": (17,), "cases_opened": (12, 5)}, False, {"cases"}),
        ({"cases": (17,), "cases_opened": (11, 6)}, True, {"cases"}),
    ],
)
def test_nothing_of_few_follows_from_two_reports_that_follow_each_other(
    now: dict[str, tuple[int, ...]], is_adjacent: bool, names: set[str]
) -> None:
    before = next_figures(figures(cases=(20,), cases_ended=(12, 8)), {}, None)
    assert released(figures(**now), earlier=Earlier(before, is_adjacent)) == names


def test_which_cases_were_opened_is_not_released_where_it_tells_who_ended_before() -> None:
    # Of 15 three had ended, which is not released; that 12 went on would say so.
    before = next_figures(figures(cases=(15,), cases_ended=(12, 3)), {}, None)
    assert "cases_ended" not in before
    now = figures(cases=(20,), cases_opened=(12, 8))
    assert released(now, earlier=Earlier(before, is_adjacent=True)) == {"cases"}
    assert released(now) == {"cases", "cases_opened"}


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.booleans()), min_size=2, max_size=6))
def test_whatever_a_countys_quarters_bring_few_who_came_or_went_do_not_follow(
    quarters: list[tuple[int, int, bool]],
) -> None:
    # Each quarter some come, some go, and a report may be given back and submitted with what came late.
    earlier: Earlier | None = None
    went_on, published_before = 0, None
    for come, go, comes_again in quarters:
        seen: Figures = {}
        gone = min(go, went_on + come)
        for came in (come, come + 2) if comes_again else (come,):
            total = went_on + came
            now = figures(cases=(total,), cases_opened=(went_on, came), cases_ended=(total - gone, gone))
            seen = next_figures(now, seen, earlier)
        now_open = went_on + come + 2 * comes_again - gone
        known = {name: [int(cell["records"] or 0) for cell in table.values()] for name, table in seen.items()}
        numbers = [number for table in known.values() for number in table]
        if published_before is not None and "cases" in known and "cases_ended" in published_before:
            numbers.append(known["cases"][0] - published_before["cases_ended"][0])
        if published_before is not None and "cases" in published_before and "cases_opened" in known:
            numbers.append(published_before["cases"][0] - known["cases_opened"][0])
        assert not {abs(number) for number in numbers} & {1, 2, 3, 4}
        earlier, published_before, went_on = Earlier(seen, is_adjacent=True), known, now_open


async def test_a_manager_sees_what_was_released_and_the_county_everything(casework: httpx.AsyncClient) -> None:
    await store(casework, drawn("2469", 40, 3))
    report = await submitted(casework, SECOND)
    seen = await read(casework, report, **MANAGER)
    assert (seen["figures"]["is_protected"], report["figures"]["is_protected"]) == (True, False)
    few = {str(number) for number in range(1, 5)}
    exact = {(one["table"], one["category"], one["measure"]): one for one in report["figures"]["items"]}
    suppressed = set()
    for one in seen["figures"]["items"]:
        own = exact[one["table"], one["category"], one["measure"]]
        if one["is_suppressed"]:
            suppressed |= {one["table"]} if one["measure"] == "records" else set()
            assert one["value"] is None
        else:
            assert one["measure"] != "children"
            assert one["value"] == own["value"]
            assert one["measure"] != "records" or one["value"] not in few
    assert {"ended_by_state", "load"} <= suppressed
    assert "cases" not in suppressed
    assert suppressed & {one["table"] for one in exact.values() if one["value"] in few}
    same = (await casework.get(f"{REPORTS}/{report['id']}/figures", headers=MANAGER)).json()
    assert same == seen["figures"]


async def test_a_file_holds_what_its_reader_may_see(racing_casework: httpx.AsyncClient) -> None:
    await store(racing_casework, drawn("2469", 40, 3))
    report = await submitted(racing_casework, SECOND)
    path = f"{REPORTS}/{report['id']}/figures"
    for headers in ({}, MANAGER):
        items = (await racing_casework.get(path, headers=headers)).json()["items"]
        answer = await racing_casework.get(path, params={"format": "csv"}, headers=headers)
        rows = list(csv.DictReader(io.StringIO(answer.text)))
        assert [(row["table"], row["category"], row["measure"], row["value"]) for row in rows] == [
            (one["table"], one["category"], one["measure"], one["value"] or "") for one in items
        ]
        book = await racing_casework.get(path, params={"format": "xlsx"}, headers=headers)
        sheet = openpyxl.load_workbook(io.BytesIO(book.content)).active
        cells = [row[3] for row in sheet.iter_rows(min_row=2, values_only=True)]
        assert [value is None for value in cells] == [one["value"] is None for one in items]
        totals = await racing_casework.get(f"{REPORTS}/totals", params={**SECOND, "format": "csv"}, headers=headers)
        first = next(csv.DictReader(io.StringIO(totals.text)))
        assert (first["table"], first["value"], first["counties"]) == ("cases", items[0]["value"], "1")


async def of_twenty(client: httpx.AsyncClient, county: County) -> None:
    """Twenty cases that are open, each of its own child."""
    for number in range(20):
        case = county.add_case(county.add("people", kind="born"), county.day())
        steps = [step for step in county["case_steps"] if step["case_id"] != case["id"]]
        county.tables["case_steps"] = steps
        state = "in_progress" if number % 2 else "assessment"
        day = SECOND["starts_on"] if number % 4 > 1 else FIRST["starts_on"]
        ids = {"case_id": case["id"], "person_id": case["person_id"]}
        county.add("case_steps", **ids, number=1, state=state, day=date.fromisoformat(day))
        case |= {"state": state, "closed_on": None}
    await store(client, county)


async def test_the_720_cases_of_36_counties_are_twenty_in_each(casework: httpx.AsyncClient) -> None:
    # N4, F3: 720 = 36 x 20.
    everywhere = call_as("county_coordinator", counties=["*"], subject="everywhere")
    counties = [f"{2401 + number}" for number in range(36)]
    for place, county in enumerate(counties):
        await of_twenty(casework, County(county, Random(place)))  # noqa: S311
        answer = await casework.post(REPORTS, json={"county_terc": county, **SECOND}, headers=everywhere)
        report = await moved(casework, answer.json(), "submit", **everywhere)
        assert table_of(report, "cases") == {"all": "20"}
    # No case has ended: a table of one cell is not published, nor is what hangs on it.
    for headers, in_progress in ((MANAGER, None), (everywhere, "360")):
        answer = await casework.get(f"{REPORTS}/totals", params=SECOND, headers=headers)
        totals: dict[str, Any] = answer.json()
        lines = {(one["table"], one["category"], one["measure"]): one for one in totals["items"]}
        assert totals["reports"] == 36
        total = lines["cases", "all", "records"]
        assert (total["value"], total["counties"]) == ("720", 36)
        assert lines["open_by_state", "in_progress", "records"]["value"] == in_progress
        assert lines["cases_opened", "in_period", "records"]["value"] == "360"
        assert not any(one["measure"] == "median_days" for one in totals["items"])


async def test_sums_are_of_what_the_caller_may_see_of_each_county(casework: httpx.AsyncClient) -> None:
    await store(casework, drawn("2469", 40, 3))
    await store(casework, drawn("2401", 3, 4))
    own = await submitted(casework, SECOND)
    answer = await casework.post(REPORTS, json={"county_terc": "2401", **SECOND}, headers=ELSEWHERE)
    few = await moved(casework, answer.json(), "submit", **ELSEWHERE)

    async def cases(**headers: str) -> tuple[str | None, int, int]:
        body = (await casework.get(f"{REPORTS}/totals", params=SECOND, headers=headers)).json()
        [line] = [one for one in body["items"] if (one["table"], one["measure"]) == ("cases", "records")]
        return line["value"], line["counties"], body["reports"]

    assert await cases() == (table_of(own, "cases")["all"], 1, 1)
    assert await cases(**ELSEWHERE) == (table_of(few, "cases")["all"], 1, 1)
    assert await cases(**MANAGER) == (table_of(own, "cases")["all"], 1, 2)


async def test_a_draft_and_a_returned_report_are_in_no_sum(casework: httpx.AsyncClient) -> None:
    async def reports() -> int:
        body = (await casework.get(f"{REPORTS}/totals", params=FIRST)).json()
        number: int = body["reports"]
        return number

    report = await drafted(casework, FIRST)
    assert await reports() == 0
    report = await moved(casework, report, "submit")
    assert await reports() == 1
    await moved(casework, report, "return", {"reason": "x"}, **MANAGER)
    assert await reports() == 0
