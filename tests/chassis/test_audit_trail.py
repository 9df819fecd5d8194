"""The audit trail, as auditors read it: who did what to what, in which county and when, and no content."""

import csv
import io
from typing import Any

import httpx
import pytest

from tests.chassis.conftest import Admin
from tests.support.callers import OTHER_COUNTY, call_as
from tests.support.problems import assert_problem
from tests.support.records import add_institution, add_territory, change, fetch

URL = "/v1/registry/audit-records"
EVERYWHERE = call_as("auditor", counties=["*"])
HERE = call_as("auditor")
THERE = call_as("auditor", counties=[OTHER_COUNTY])
_ADD = """
INSERT INTO audit_records (recorded_at, actor, action, subject, outcome, county_terc, detail, trace_id)
SELECT '2026-01-01T00:00:00Z'::timestamptz + number * interval '1 day', 'actor-' || number % 2, 'act-' || number % 3,
       'things/' || number, 'done', CASE number % 3 WHEN 0 THEN '2469' WHEN 1 THEN '2401' END,
       '{"name": "KANAREK"}', '0'
FROM generate_series(0, 8) AS number
"""


async def trail(client: httpx.AsyncClient, headers: dict[str, str] = EVERYWHERE, **query: Any) -> Any:
    answer = await client.get(URL, params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def told(page: Any) -> list[str]:
    return [item["subject"].removeprefix("things/") for item in page["items"] if item["subject"] != "audit-records"]


@pytest.fixture
async def kept(racing_registry: httpx.AsyncClient) -> httpx.AsyncClient:
    """The registry with nine records: of own county, of another, and of none."""
    await change(racing_registry, _ADD)
    return racing_registry


async def test_a_change_is_on_record_with_who_what_when_and_where_and_no_content(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)
    made = await add_institution(registry, name="KANAREK")
    [record] = (await trail(registry, HERE))["items"]
    assert record.keys() == {
        *("id", "recorded_at", "actor", "action", "subject", "outcome", "county_terc", "trace_id"),
    }
    assert (record["actor"], record["action"]) == ("registry_editor", "create_institution")
    assert (record["subject"], record["county_terc"]) == (f"institutions/{made['id']}", "2469")


async def test_an_auditor_reads_the_counties_of_the_token(kept: httpx.AsyncClient) -> None:
    assert told(await trail(kept)) == list("876543210")
    assert told(await trail(kept, HERE)) == list("630")
    assert told(await trail(kept, THERE)) == list("741")
    assert told(await trail(kept, HERE, county_terc=OTHER_COUNTY)) == []


async def test_whoever_is_no_auditor_reads_no_trail(registry: httpx.AsyncClient) -> None:
    for headers in (call_as("operator"), call_as("registry_editor"), call_as(scope="registry:write")):
        refused = assert_problem(await registry.get(URL, headers=headers), 403, "forbidden")
        assert refused["permission"] == "registry:audit-records:read"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"actor": "actor-1"}, "7531"),
        ({"action": "act-2"}, "852"),
        ({"action": ["act-2", "act-1"], "actor": "actor-0"}, "842"),
        ({"subject": "things/4"}, "4"),
        ({"county_terc": "2401"}, "741"),
        ({"recorded_from": "2026-01-03T00:00:00Z", "recorded_to": "2026-01-06T00:00:00+00:00"}, "432"),
        ({"actor": "nobody"}, ""),
        ({"sort": "recorded_at", "county_terc": "2469"}, "036"),
    ],
)
async def test_records_are_found_by_who_what_which_where_and_when(
    kept: httpx.AsyncClient, query: dict[str, Any], found: str
) -> None:
    assert told(await trail(kept, **query)) == list(found)


async def test_pages_go_on_where_the_last_one_ended_though_reading_adds_records(kept: httpx.AsyncClient) -> None:
    pages, cursor = [await trail(kept, limit=4)], ""
    while cursor := pages[-1]["next_cursor"]:
        pages.append(await trail(kept, limit=4, cursor=cursor))
    assert [told(page) for page in pages] == [list("8765"), list("4321"), list("0")]


async def test_a_reading_of_the_trail_is_on_record_with_what_was_looked_for(kept: httpx.AsyncClient) -> None:
    await trail(kept, HERE, subject="things/4", county_terc="2469")
    [record] = (await trail(kept, action="read_audit_records"))["items"]
    assert (record["actor"], record["subject"], record["county_terc"]) == ("auditor", "audit-records", "2469")
    [(detail,)] = await fetch(kept, "SELECT detail FROM audit_records WHERE county_terc = '2469' AND actor = 'auditor'")
    assert detail == {"subject": ["things/4"], "county_terc": ["2469"]}


async def test_the_trail_is_a_file_too(kept: httpx.AsyncClient) -> None:
    answer = await kept.get(URL, params={"format": "csv"}, headers=HERE)
    rows = [*csv.DictReader(io.StringIO(answer.text))]
    assert {row["subject"] for row in rows} == {"things/0", "things/3", "things/6"}
    assert "KANAREK" not in answer.text


async def test_every_filter_goes_by_an_index(racing_registry: httpx.AsyncClient, admin: Admin) -> None:
    many = _ADD.replace("generate_series(0, 8)", "generate_series(0, 20000)").replace("number % 3", "number % 300")
    await change(racing_registry, many.replace("number % 2", "number % 200"))
    # What the planner knows of the table would else be of another day.
    await admin.execute("ANALYZE registry.audit_records")
    for condition, index in {
        "true": "recorded_at",
        "actor IN ('actor-1')": "actor",
        "action IN ('act-1')": "action",
        "subject IN ('things/1')": "subject_recorded_at",
        # Nobody's county: what the planner knows of others' rows says nothing of it.
        "county_terc = ANY ('{9999}')": "county_terc",
    }.items():
        asked = f"SELECT * FROM audit_records WHERE {condition} ORDER BY recorded_at DESC, id DESC LIMIT 51"
        plan = "\n".join(row[0] for row in await fetch(racing_registry, f"EXPLAIN {asked}"))
        assert f"ix_audit_records_{index} " in plan, plan
        assert "Seq Scan" not in plan
