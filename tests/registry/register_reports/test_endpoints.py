"""Yearly reports through the API: one by one, and as files."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.chassis.ground import clock
from tests.support.callers import call_as
from tests.support.files import csv, send_file
from tests.support.kis import COVERAGES, HEADER
from tests.support.problems import assert_problem
from tests.support.records import add_institution, add_territory, change, fetch

URL = "/v1/registry/register-reports"
IMPORTS = "/v1/registry/register-report-imports"
EVERYWHERE = call_as("registry_editor", counties=["*"])
ELSEWHERE = call_as("registry_editor", counties=["2401"])
REPORT = {
    "kind": "kis",
    "year": 2013,
    "register": "cas",
    "entity_key": "KIS/1",
    "entity_name": "Klub Integracji Społecznej",
    "county_terc": "2469",
    "report_submitted_on": "2014-02-03",
}
TOMORROW = str(clock.today() + timedelta(days=1))


@pytest.fixture
async def county(registry: httpx.AsyncClient) -> httpx.AsyncClient:
    await add_territory(registry)
    return registry


async def add_report(client: httpx.AsyncClient, **facts: Any) -> dict[str, Any]:
    answer = await client.post(URL, json=REPORT | facts, headers=EVERYWHERE)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def keys(client: httpx.AsyncClient, query: str = "") -> list[str]:
    answer = await client.get(f"{URL}?{query}")
    assert answer.status_code == 200, answer.text
    return [item["entity_key"] for item in answer.json()["items"]]


async def test_a_report_is_recorded_with_its_deadline_and_read_back(county: httpx.AsyncClient) -> None:
    made = await add_report(county)
    assert (made["voivodeship_terc"], made["due_on"], made["late"]) == ("24", "2014-01-31", True)
    assert (made["register"], made["registered"], made["reconciliation"]) == ("cas", True, "both")
    assert (await county.get(f"{URL}/{made['id']}")).json() == made
    [event] = await fetch(county, "SELECT type, data FROM events")
    assert event.type == "registry.register-report.created"
    assert "Klub" not in str(event.data)
    assert_problem(await county.post(URL, json=REPORT), 409, "register-report-already-recorded")


@pytest.mark.parametrize(
    ("facts", "slug", "pointer"),
    [
        ({"register": "voivode"}, "validation-failed", "/report_submitted_on"),
        ({"report_submitted_on": TOMORROW}, "validation-failed", "/report_submitted_on"),
        ({"report_submitted_on": "2012-12-31"}, "validation-failed", "/report_submitted_on"),
        ({"year": clock.today().year + 1, "report_submitted_on": None}, "validation-failed", "/year"),
        ({"year": 2002}, "validation-failed", "/year"),
        ({"kind": "ngo"}, "validation-failed", "/kind"),
        ({"register": "krs"}, "validation-failed", "/register"),
        ({"entity_key": ""}, "validation-failed", "/entity_key"),
        ({"county_terc": "9999"}, "unknown-reference", "/county_terc"),
        ({"institution_id": "01990000-0000-7000-8000-00000000dead"}, "unknown-reference", "/institution_id"),
        ({"voivodeship_terc": "06"}, "validation-failed", "/voivodeship_terc"),
    ],
)
async def test_a_wrong_report_is_refused_by_field(
    county: httpx.AsyncClient, facts: dict[str, Any], slug: str, pointer: str
) -> None:
    answer = await county.post(URL, json=REPORT | facts, headers=EVERYWHERE)
    assert assert_problem(answer, 422, slug)["errors"][0]["pointer"] == pointer
    assert await fetch(county, "SELECT 1 FROM register_reports") == []


async def test_a_report_that_came_is_added_by_whoever_read_the_record(county: httpx.AsyncClient) -> None:
    made = await add_report(county, report_submitted_on=None)
    path, seen = f"{URL}/{made['id']}", {"if-match": f'"{made["id"]}:1"'}
    host = await add_institution(county, type="social_integration_club")
    patch = {"report_submitted_on": "2014-01-31", "institution_id": host["id"]}
    changed = (await county.patch(path, json=patch, headers=seen)).json()
    assert (changed["version"], changed["late"], changed["institution_id"]) == (2, False, host["id"])
    assert_problem(await county.patch(path, json=patch, headers=seen), 412, "version-mismatch")
    assert_problem(await county.patch(path, json=patch), 428, "precondition-required")
    seen = {"if-match": f'"{made["id"]}:2"'}
    same = await county.patch(path, json=patch, headers=seen)
    assert (
        same.json()["version"],
        len(await fetch(county, "SELECT 1 FROM events WHERE subject LIKE 'register%'")),
    ) == (2, 2)
    moved = await county.patch(path, json={"county_terc": "2401"}, headers=seen)
    assert_problem(moved, 403, "outside-scope")
    moved = await county.patch(path, json={"county_terc": "0619"}, headers=EVERYWHERE | seen)
    assert (moved.status_code, moved.json()["voivodeship_terc"]) == (200, "06")
    assert_problem(await county.get(path), 404, "register-report-not-found")


async def test_another_countys_reports_are_hidden(county: httpx.AsyncClient) -> None:
    made = await add_report(county)
    assert await keys(county) == ["KIS/1"]
    assert (await county.get(URL, headers=ELSEWHERE)).json()["items"] == []
    seen = ELSEWHERE | {"if-match": f'"{made["id"]}:1"'}
    hidden = await county.patch(f"{URL}/{made['id']}", json={"registered": False}, headers=seen)
    assert_problem(hidden, 404, "register-report-not-found")
    assert_problem(await county.get(f"{URL}/{made['id']}", headers=ELSEWHERE), 404, "register-report-not-found")
    assert_problem(await county.post(URL, json=REPORT, headers=ELSEWHERE), 403, "outside-scope")
    counts = (await county.get("/v1/registry/register-reconciliations/kis?year=2013", headers=ELSEWHERE)).json()
    assert counts["counts"] == {"both": 0, "cas_only": 0, "voivode_only": 0}


async def test_reports_are_found_by_what_is_said_of_them(county: httpx.AsyncClient) -> None:
    await add_report(county, entity_key="A")
    await add_report(county, entity_key="B", report_submitted_on="2014-01-31", registered=False)
    await add_report(county, entity_key="B", register="voivode", report_submitted_on=None, registered=False)
    await add_report(county, entity_key="C", register="voivode", report_submitted_on=None)
    await add_report(county, entity_key="D", kind="cis", year=2012)
    for query, expected in {
        "late=true": ["A", "D"],
        "late=false": ["B"],
        "submitted=false": ["B", "C"],
        "submitted=true&kind=kis": ["A", "B"],
        "reconciliation=both&kind=kis": ["A"],
        "reconciliation=cas_only": ["B", "B"],
        "reconciliation=voivode_only": ["C"],
        "register=voivode": ["B", "C"],
        "year=2012": ["D"],
        "county_terc=2401": [],
        "voivodeship_terc=24&sort=-entity_key": ["D", "C", "B", "B", "A"],
    }.items():
        assert await keys(county, query) == expected, query


async def test_the_database_reconciles_as_the_rules_do(county: httpx.AsyncClient) -> None:
    standing = {"cas": (None, True, False), "voivode": (None, True, False)}
    for cas in standing["cas"]:
        for voivode in standing["voivode"]:
            for register, registered in (("cas", cas), ("voivode", voivode)):
                if registered is not None:
                    facts = {"register": register, "registered": registered, "report_submitted_on": None}
                    await add_report(county, entity_key=f"{cas}-{voivode}", **facts)
    statistics = (await county.get("/v1/registry/register-statistics/kis?years=2013")).json()
    found = (await county.get("/v1/registry/register-reconciliations/kis?year=2013")).json()
    assert found["counts"] == {"both": 3, "cas_only": 3, "voivode_only": 1}
    assert statistics["lines"][0]["cells"]["2013"]["value"] == "7"
    assert {item["entity_key"]: item["reconciliation"] for item in found["items"]} == {
        "True-None": "both",
        "True-True": "both",
        "False-True": "both",
        "True-False": "cas_only",
        "False-None": "cas_only",
        "False-False": "cas_only",
        "None-True": "voivode_only",
    }


async def test_what_lists_there_were_is_stated_by_whoever_answers_for_all_counties(county: httpx.AsyncClient) -> None:
    url = "/v1/registry/register-coverages"
    assert_problem(await county.post(url, json=COVERAGES[0]), 403, "outside-scope")
    made = await county.post(url, json=COVERAGES[0], headers=call_as("programme_manager", counties=[]))
    assert (made.status_code, made.json()["holds"], made.json()["stated_by"]) == (201, True, "programme_manager")
    assert (await county.get(f"{url}?kind=kis&register=voivode&holds=true")).json()["items"] == [made.json()]
    with pytest.raises(Exception, match="permission denied"):
        await change(county, "DELETE FROM register_coverages")


@pytest.mark.parametrize("path", ["register-statistics/ngo", "register-reconciliations/ngo?year=2013"])
async def test_there_are_no_reports_of_other_kinds_of_entities(county: httpx.AsyncClient, path: str) -> None:
    assert_problem(await county.get(f"/v1/registry/{path}"), 404, "not-found")


async def test_good_rows_are_taken_and_bad_rows_reported_by_line(working_registry: httpx.AsyncClient) -> None:
    rows = [
        "kis;2013;cas;KIS/1;Klub;2469;tak;2014-01-15",
        "kis;2013;cas;KIS/1;Klub;2469;tak;2014-01-15",
        "kis;2013;voivode;KIS/2;Klub;2469;tak;2014-01-15",
        "kis;2013;cas;KIS/3;Klub;2401;tak;",
        "kis;2013;cas;KIS/4;Klub;9999;tak;",
        f"kis;2013;cas;KIS/5;Klub;2469;tak;{TOMORROW}",
        f"kis;{clock.today().year + 1};cas;KIS/6;Klub;2469;tak;",
        "kis;2013;cas;;Klub;2469;tak;",
    ]
    sent = await send_file(working_registry, IMPORTS, csv(HEADER, *rows))
    assert sent.counts == (1, 0, 0, 7)
    assert sent.problems == [
        (3, "/entity_key", "repeated_in_file"),
        (4, "/report_submitted_on", "not_allowed"),
        (5, "/county_terc", "outside_scope"),
        (6, "/county_terc", "not_found"),
        (7, "/report_submitted_on", "in_future"),
        (8, "/year", "in_future"),
        (9, "/entity_key", "missing"),
    ]


async def test_polish_headings_are_read_an_empty_cell_leaves_what_is_known_and_a_dry_run_writes_nothing(
    working_registry: httpx.AsyncClient,
) -> None:
    first = csv(HEADER, "kis;2013;cas;KIS/1;Klub;2469;nie;2014-01-15")
    assert (await send_file(working_registry, f"{IMPORTS}?dry_run=true", first)).counts == (1, 0, 0, 0)
    assert await fetch(working_registry, "SELECT 1 FROM register_reports") == []
    await send_file(working_registry, IMPORTS, first)
    polish = csv("Rodzaj;Rok;Rejestr;Numer;Nazwa;Powiat;Data sprawozdania", "KIS;2013;CAS;KIS/1;Klub nr 1;2469;")
    assert (await send_file(working_registry, IMPORTS, polish)).counts == (0, 1, 0, 0)
    [known] = (await working_registry.get(URL)).json()["items"]
    assert (known["entity_name"], known["registered"], known["report_submitted_on"]) == (
        "Klub nr 1",
        False,
        "2014-01-15",
    )
    told = await fetch(working_registry, "SELECT type, subject_version FROM events ORDER BY position")
    assert told == [("registry.register-report.created", 1), ("registry.register-report.changed", 2)]
    noted = "SELECT outcome FROM audit_records WHERE action = 'import_statistical_reports' ORDER BY id"
    assert [row.outcome for row in await fetch(working_registry, noted) if row.outcome != "done"] == [
        "created",
        "changed",
    ]


async def test_nobody_moves_an_entity_of_another_county_by_a_file(working_registry: httpx.AsyncClient) -> None:
    await send_file(working_registry, IMPORTS, csv(HEADER, "kis;2013;cas;KIS/1;Klub;2401;tak;"), headers=EVERYWHERE)
    sent = await send_file(working_registry, IMPORTS, csv(HEADER, "kis;2013;cas;KIS/1;Klub;2469;tak;"))
    assert (sent.counts, sent.problems) == ((0, 0, 0, 1), [(2, "/entity_key", "outside_scope")])
