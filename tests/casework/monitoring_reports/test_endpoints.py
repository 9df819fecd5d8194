"""The life of a report: computed, commented on, submitted in order, decided on by another person."""

from typing import Any

import httpx
import pytest

from services.chassis.ground import clock
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
from tests.casework.monitoring_reports.seeded import drawn, store
from tests.casework.people.made import tag
from tests.casework.support_events.made import days_ago
from tests.support.callers import call_as
from tests.support.problems import assert_problem

WRONG_ROLES = ("institution_coordinator", "specialist", "guardian", "service_provider", "auditor")


async def refused(
    client: httpx.AsyncClient, report: dict[str, Any], verb: str, *problem: Any, body: Any = None, **headers: str
) -> dict[str, Any]:
    """The problem that a move is answered with; the report stays as it was."""
    before = await read(client, report)
    answer = await client.post(f"{REPORTS}/{report['id']}/{verb}", json=body, headers={**tag(before), **headers})
    found = assert_problem(answer, *problem)
    assert await read(client, report) == before
    return found


async def test_a_report_is_drafted_submitted_and_accepted(casework: httpx.AsyncClient) -> None:
    report = await drafted(casework, FIRST)
    facts = ("state", "due_on", "author", "is_late", "allowed")
    assert [report[name] for name in facts] == [
        "draft",
        "2026-04-30",
        "county_coordinator",
        False,
        ["comment", "recompute", "submit"],
    ]
    report = await moved(casework, report, "submit")
    assert (report["state"], report["submitted_by"], report["allowed"]) == (
        "submitted",
        "county_coordinator",
        ["accept", "return"],
    )
    report = await moved(casework, report, "accept", **MANAGER)
    assert (report["state"], report["decided_by"], report["allowed"]) == ("accepted", "programme_manager", [])


@pytest.mark.parametrize(
    ("period", "pointer", "code"),
    [
        ({"starts_on": "2026-04-01", "ends_on": "2026-03-31"}, "/ends_on", "wrong_order"),
        ({"starts_on": "2017-08-31", "ends_on": "2017-09-30"}, "/starts_on", "too_long_ago"),
        ({"starts_on": "2199-01-01", "ends_on": "2199-01-31"}, "/starts_on", "in_future"),
    ],
)
async def test_a_period_that_cannot_be_is_refused(
    casework: httpx.AsyncClient, period: dict[str, str], pointer: str, code: str
) -> None:
    answer = await casework.post(REPORTS, json={"county_terc": "2469", **period})
    [error] = assert_problem(answer, 422, "validation-failed")["errors"]
    assert (error["pointer"], error["code"]) == (pointer, code)


@pytest.mark.parametrize(
    "period",
    [
        FIRST,
        {**FIRST, "ends_on": "2026-12-31"},
        {**SECOND, "starts_on": "2026-03-31"},
        {**FIRST, "starts_on": "2025-01-01"},
    ],
)
async def test_periods_of_a_county_follow_each_other(casework: httpx.AsyncClient, period: dict[str, str]) -> None:
    await drafted(casework, FIRST)
    answer = await casework.post(REPORTS, json={"county_terc": "2469", **period})
    assert assert_problem(answer, 409, "report-out-of-order")["last_ends_on"] == "2026-03-31"
    await drafted(casework, SECOND)


async def test_a_report_is_submitted_when_its_period_and_the_report_before_are_over(
    casework: httpx.AsyncClient,
) -> None:
    first = await drafted(casework, FIRST)
    second = await drafted(casework, SECOND)
    current = await drafted(casework, {"starts_on": days_ago(1), "ends_on": clock.today().isoformat()})

    async def missing(report: dict[str, Any]) -> list[str]:
        problem = await refused(casework, report, "submit", 409, "monitoring-report-not-ready")
        names: list[str] = problem["missing"]
        return names

    assert await missing(second) == ["earlier_report_accepted"]
    assert await missing(current) == ["period_over", "figures_of_whole_period", "earlier_report_accepted"]
    first = await moved(casework, first, "submit")
    assert await missing(second) == ["earlier_report_accepted"]
    first = await moved(casework, first, "return", {"reason": "x"}, **MANAGER)
    assert await missing(second) == ["earlier_report_accepted"]
    await moved(casework, await moved(casework, first, "submit"), "accept", **MANAGER)
    assert (await moved(casework, second, "submit"))["state"] == "submitted"


async def test_figures_are_computed_anew_until_a_report_is_submitted_and_when_it_is_returned(
    casework: httpx.AsyncClient,
) -> None:
    report = await drafted(casework, FIRST)
    await store(casework, drawn("2469", 5, 1))
    assert table_of(report, "cases") == table_of(await read(casework, report), "cases") == {"all": "0"}
    report = await moved(casework, report, "recompute")
    count = table_of(report, "cases")["all"]
    assert int(count or 0) > 0
    report = await moved(casework, report, "submit")
    problem = await refused(casework, report, "recompute", 409, "state-conflict")
    assert (problem["state"], problem["allowed"]) == ("submitted", ["accept", "return"])
    report = await moved(casework, report, "return", {"reason": "Brakuje wizyt"}, **MANAGER)
    assert (report["state"], report["returning_reason"]) == ("returned", "Brakuje wizyt")
    await store(casework, drawn("2469", 5, 2))
    report = await moved(casework, report, "recompute")
    assert (report["state"], report["returning_reason"]) == ("returned", "Brakuje wizyt")
    assert int(table_of(report, "cases")["all"] or 0) > int(count or 0)
    report = await moved(casework, report, "submit")
    assert (report["state"], report["returning_reason"], report["decided_by"]) == ("submitted", None, None)


async def test_people_comment_and_nobody_edits_a_figure(casework: httpx.AsyncClient) -> None:
    report = await drafted(casework, FIRST)
    path = f"{REPORTS}/{report['id']}"
    answer = await casework.patch(path, json={"comment": "Od lutego brak logopedy"}, headers=tag(report))
    report = answer.json()
    assert report["comment"] == "Od lutego brak logopedy"
    edited = await casework.patch(path, json={"figures": {}}, headers=tag(report))
    assert_problem(edited, 422, "validation-failed")
    assert_problem(await casework.patch(path, json={"comment": "x"}), 428, "precondition-required")
    report = await moved(casework, report, "submit")
    late = await casework.patch(path, json={"comment": None}, headers=tag(report))
    assert_problem(late, 409, "state-conflict")


async def test_every_step_twice_too_early_or_by_the_wrong_role_changes_nothing(casework: httpx.AsyncClient) -> None:
    report = await drafted(casework, FIRST)
    for verb, body in (("accept", None), ("return", {"reason": "x"})):
        answer = await casework.post(f"{REPORTS}/{report['id']}/{verb}", json=body, headers=MANAGER | tag(report))
        # A draft is the county's own: nobody else learns that there is one.
        assert_problem(answer, 404, "monitoring-report-not-found")
        await refused(casework, report, verb, 403, "forbidden", body=body)
    for role in WRONG_ROLES:
        await refused(casework, report, "submit", 403, "forbidden", **call_as(role))
        await refused(casework, report, "recompute", 403, "forbidden", **call_as(role))
    report = await moved(casework, report, "submit")
    assert_problem(
        await casework.post(f"{REPORTS}/{report['id']}/submit", headers=tag({**report, "version": 1})),
        412,
        "version-mismatch",
    )
    await refused(casework, report, "submit", 409, "state-conflict")
    for role in (*WRONG_ROLES, "county_coordinator"):
        await refused(casework, report, "accept", 403, "forbidden", **call_as(role))
    report = await moved(casework, report, "accept", **MANAGER)
    for verb, body in (("accept", None), ("return", {"reason": "x"})):
        await refused(casework, report, verb, 409, "state-conflict", body=body, **MANAGER)
    await refused(casework, report, "submit", 409, "state-conflict")


async def test_who_wrote_or_submitted_a_report_does_not_decide_on_it(casework: httpx.AsyncClient) -> None:
    report = await submitted(casework, FIRST)
    author = call_as("programme_manager", subject="county_coordinator")
    await refused(casework, report, "accept", 403, "decided-by-author", **author)
    await refused(casework, report, "return", 403, "decided-by-author", body={"reason": "x"}, **author)
    report = await moved(casework, report, "return", {"reason": "x"}, **MANAGER)
    other = call_as("county_coordinator", subject="a colleague")
    report = await moved(casework, report, "submit", **other)
    colleague = call_as("programme_manager", subject="a colleague")
    await refused(casework, report, "accept", 403, "decided-by-author", **colleague)
    await moved(casework, report, "accept", **MANAGER)


async def test_a_report_is_late_when_it_was_first_submitted_after_its_last_day(casework: httpx.AsyncClient) -> None:
    in_time = {"starts_on": days_ago(60), "ends_on": days_ago(30)}
    late = {"starts_on": days_ago(61), "ends_on": days_ago(31)}
    assert (await submitted(casework, late))["is_late"]
    await casework.get(REPORTS)
    elsewhere = call_as("county_coordinator", counties=["2401"])
    answer = await casework.post(REPORTS, json={"county_terc": "2401", **in_time}, headers=elsewhere)
    report = await moved(casework, answer.json(), "submit", **elsewhere)
    assert not report["is_late"]
    for is_late, county in (("true", "2469"), ("false", "2401")):
        listed = await casework.get(REPORTS, params={"is_late": is_late}, headers=MANAGER)
        assert [one["county_terc"] for one in listed.json()["items"]] == [county]


async def test_a_draft_is_listed_for_its_county_alone(casework: httpx.AsyncClient) -> None:
    report = await drafted(casework, FIRST)

    async def listed(**headers: str) -> list[str]:
        items = (await casework.get(REPORTS, headers=headers)).json()["items"]
        assert not any("figures" in one for one in items)
        return [one["id"] for one in items]

    assert (await listed(), await listed(**MANAGER)) == ([report["id"]], [])
    await moved(casework, report, "submit")
    assert await listed(**MANAGER) == [report["id"]]
    assert await listed(**call_as("county_coordinator", counties=["2401"])) == []
