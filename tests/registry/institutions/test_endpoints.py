"""Institutions through the API."""

import httpx
import pytest

from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import INSTITUTION, add_institution, add_territory, fetch

URL = "/v1/registry/institutions"


@pytest.fixture(autouse=True)
async def territory(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)


async def test_an_editor_registers_an_institution_and_reads_it_back(registry: httpx.AsyncClient) -> None:
    made = await registry.post(URL, json=INSTITUTION | {"regon": "123456785", "commune_terc": "2469011"})
    assert made.status_code == 201
    assert made.headers["location"] == f"{URL}/{made.json()['id']}"
    read = await registry.get(made.headers["location"])
    assert read.json() == made.json()
    assert read.json()["sector"] == "education"
    assert read.headers["etag"] == made.headers["etag"]


async def test_what_is_known_already_is_not_sent_again(registry: httpx.AsyncClient) -> None:
    made = await add_institution(registry)
    tag = (await registry.get(f"{URL}/{made['id']}")).headers["etag"]
    again = await registry.get(f"{URL}/{made['id']}", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_change_leaves_an_audit_record_and_an_event_and_neither_holds_content(
    registry: httpx.AsyncClient,
) -> None:
    made = await add_institution(registry, name="Nazwa nie do powtórzenia")
    [record] = await fetch(registry, "SELECT * FROM audit_records WHERE action = 'create_institution'")
    assert (record.actor, record.subject, record.county_terc) == (
        "registry_editor",
        f"institutions/{made['id']}",
        "2469",
    )
    [event] = await fetch(registry, "SELECT * FROM events")
    assert (event.type, event.subject_version) == ("registry.institution.created", 1)
    assert "powtórzenia" not in f"{record.detail}{event.data}"


async def test_how_it_was_stays_readable_by_day(registry: httpx.AsyncClient) -> None:
    made = await add_institution(registry, name="Przed zmianą", opened_on="2020-09-01")
    path = f"{URL}/{made['id']}"
    changed = await registry.patch(path, json={"name": "Po zmianie"}, headers={"if-match": f'"{made["id"]}:1"'})
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    assert (await registry.get(path)).json()["name"] == "Po zmianie"
    before = (await registry.get(f"{path}?as_of=2021-01-01")).json()
    assert (before["name"], before["version"]) == ("Przed zmianą", 1)
    assert_problem(await registry.get(f"{path}?as_of=2020-08-31"), 404, "institution-not-found")
    listed = (await registry.get(f"{URL}?as_of=2020-09-01")).json()["items"]
    assert [item["name"] for item in listed] == ["Przed zmianą"]
    assert (await registry.get(f"{URL}?as_of=2020-08-31")).json()["items"] == []
    found = (await registry.get(f"{URL}?as_of=2021-01-01&q=zmiana")).json()["items"]
    assert [item["name"] for item in found] == ["Przed zmianą"]


async def test_a_patch_that_changes_nothing_makes_no_version_and_no_event(registry: httpx.AsyncClient) -> None:
    made = await add_institution(registry)
    tag = {"if-match": f'"{made["id"]}:1"'}
    same = await registry.patch(f"{URL}/{made['id']}", json={"name": made["name"]}, headers=tag)
    assert (same.json(), same.headers["etag"]) == (made, tag["if-match"])
    assert len(await fetch(registry, "SELECT 1 FROM events")) == 1


async def test_null_clears_and_a_name_cannot_be_cleared(registry: httpx.AsyncClient) -> None:
    made = await add_institution(registry, phone="+48 32 111 22 33")
    tag = {"if-match": f'"{made["id"]}:1"'}
    assert (await registry.patch(f"{URL}/{made['id']}", json={"phone": None}, headers=tag)).json()["phone"] is None
    refused = await registry.patch(f"{URL}/{made['id']}", json={"name": None}, headers=tag)
    assert assert_problem(refused, 422, "validation-failed")["errors"][0]["pointer"] == "/name"


async def test_a_closed_institution_keeps_its_record_loses_its_functions_and_takes_no_change(
    registry: httpx.AsyncClient,
) -> None:
    made = await add_institution(registry)
    path = f"{URL}/{made['id']}"
    await registry.post(f"{path}/functions", json={"kind": "wokro", "held_from": "2025-09-01"})
    end = {"closed_on": "2026-06-30", "reason": "likwidacja"}
    closed = await registry.post(f"{path}/close", json=end, headers={"if-match": f'"{made["id"]}:1"'})
    assert (closed.status_code, closed.json()["closed_on"]) == (200, "2026-06-30")
    [held] = (await registry.get(f"{path}/functions")).json()["items"]
    assert (held["held_to"], held["ending_reason"]) == ("2026-06-30", "likwidacja")
    assert (await registry.get(URL)).json()["items"] == []
    assert len((await registry.get(f"{URL}?include_closed=true")).json()["items"]) == 1
    tag = {"if-match": closed.headers["etag"]}
    again = await registry.post(f"{path}/close", json=end, headers=tag)
    assert assert_problem(again, 409, "institution-closed")["state"] == "closed"
    assert_problem(await registry.patch(path, json={"name": "X"}, headers=tag), 409, "institution-closed")


@pytest.mark.parametrize(
    ("facts", "status", "slug", "pointer"),
    [
        ({"county_terc": "9999"}, 422, "unknown-reference", "/county_terc"),
        ({"county_terc": None, "county_name": "świdnicki"}, 422, "ambiguous-reference", "/county_name"),
        ({"county_terc": None}, 422, "validation-failed", "/county_terc"),
        ({"county_name": "Katowice"}, 422, "validation-failed", "/county_terc"),
        ({"commune_terc": "2469999"}, 422, "unknown-reference", "/commune_terc"),
        ({"commune_terc": "2401011"}, 422, "validation-failed", "/commune_terc"),
        ({"regon": "192598183"}, 422, "validation-failed", "/regon"),
        ({"type": "ngo"}, 422, "validation-failed", "/sector"),
        ({"sector": "health"}, 422, "validation-failed", "/sector"),
        ({"latitude": 50.0}, 422, "validation-failed", "/longitude"),
        ({"id": "01990000-0000-7000-8000-000000000001"}, 422, "validation-failed", "/id"),
        ({"version": 7}, 422, "validation-failed", "/version"),
        ({"source": "rspo"}, 422, "validation-failed", "/source"),
    ],
)
async def test_a_wrong_institution_is_refused_by_field(
    registry: httpx.AsyncClient, facts: dict[str, object], status: int, slug: str, pointer: str
) -> None:
    answer = await registry.post(URL, json=INSTITUTION | facts)
    assert assert_problem(answer, status, slug)["errors"][0]["pointer"] == pointer
    assert await fetch(registry, "SELECT 1 FROM institutions") == []


async def test_an_rspo_number_is_taken_once(registry: httpx.AsyncClient) -> None:
    await add_institution(registry, rspo="1001")
    answer = await registry.post(URL, json=INSTITUTION | {"rspo": "1001"})
    assert_problem(answer, 409, "rspo-already-registered")


async def test_another_countys_editor_may_look_and_not_write(registry: httpx.AsyncClient) -> None:
    made = await add_institution(registry)
    elsewhere = call_as("registry_editor", counties=["2401"])
    assert (await registry.get(f"{URL}/{made['id']}", headers=elsewhere)).status_code == 200
    tag = {"if-match": f'"{made["id"]}:1"'}
    refused = await registry.patch(f"{URL}/{made['id']}", json={"name": "X"}, headers=elsewhere | tag)
    assert assert_problem(refused, 403, "outside-scope")["relation"] == "own_county"


async def test_a_kindergarten_hosts_the_lead_centre_and_a_hospital_does_not(registry: httpx.AsyncClient) -> None:
    hospital = await add_institution(registry, type="hospital")
    refused = await registry.post(
        f"{URL}/{hospital['id']}/functions", json={"kind": "wokro", "held_from": "2026-09-01"}
    )
    body = assert_problem(refused, 422, "validation-failed")
    assert (body["errors"][0]["code"], len(body["allowed"])) == ("wrong_host_type", 7)
    kindergarten = await add_institution(registry, type="kindergarten", ownership="non_public")
    path = f"{URL}/{kindergarten['id']}/functions"
    designated = await registry.post(path, json={"kind": "wokro", "held_from": "2026-09-01"})
    assert_problem(designated, 422, "validation-failed")
    entrusted = {"kind": "wokro", "mode": "entrusted", "held_from": "2026-09-01"}
    assert (await registry.post(path, json=entrusted)).status_code == 201
    second = await add_institution(registry, type="primary_school")
    taken = await registry.post(f"{URL}/{second['id']}/functions", json=entrusted)
    assert_problem(taken, 409, "function-already-held")
    before = {"kind": "wokro", "held_from": "2025-09-01", "held_to": "2026-09-01"}
    assert (await registry.post(f"{URL}/{second['id']}/functions", json=before)).status_code == 201
    holding = (await registry.get(f"{URL}?function=wokro&as_of=2026-08-31")).json()["items"]
    assert [item["id"] for item in holding] == [second["id"]]
