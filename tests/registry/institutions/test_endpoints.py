"""Institutions through the API."""

import httpx
import pytest

from tests.registry.institutions.made import URL, found
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import INSTITUTION, add_institution, add_territory, fetch


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


async def test_a_name_is_found_however_its_letters_are_written(registry: httpx.AsyncClient) -> None:
    await add_institution(
        registry, name="Zespo\u0301ł Szkół nr 3 im. Żółkiewskiego", locality="Świętochłowice", rspo="77"
    )
    await add_institution(registry, name="Inna")
    for words in ("zespół", "ZESPOL", "zolkiewskiego", "ŻÓŁKIEW", "szkol zesp", "swietochlowice", "77", "nr 3"):
        assert await found(registry, q=words) == ["Zespół Szkół nr 3 im. Żółkiewskiego"], words
    for words in ("espół", "zespół inna", "%", "' OR 1=1--", "zesp*l", "\\"):
        assert await found(registry, q=words) == [], words


async def test_how_it_was_is_found_by_the_words_of_then(registry: httpx.AsyncClient) -> None:
    made = await add_institution(registry, name="Stara", locality="Zabrze", opened_on="2020-01-01")
    seen = {"if-match": f'"{made["id"]}:1"'}
    await registry.patch(f"{URL}/{made['id']}", json={"locality": "Bytom"}, headers=seen)
    assert await found(registry, as_of="2021-01-01", q="zabrze") == ["Stara"]
    assert await found(registry, as_of="2021-01-01", q="bytom") == []
    assert await found(registry, q="zabrze") == []


async def test_a_county_is_named_by_code_or_by_a_name_of_its_own(registry: httpx.AsyncClient) -> None:
    await add_institution(registry)
    assert len(await found(registry, county="2469")) == len(await found(registry, county="katowice")) == 1
    answer = await registry.get(URL, params={"county": "swidnicki"})
    assert assert_problem(answer, 422, "ambiguous-reference")["candidates"] == ["0219", "0619"]
    assert_problem(await registry.get(URL, params={"county": "Gotham"}), 422, "unknown-reference")


async def test_a_health_ngo_may_be_given_a_reference_level_later(registry: httpx.AsyncClient) -> None:
    made = await add_institution(registry, type="ngo", sector="health")
    headers = {"if-match": f'"{made["id"]}:1"'}
    changed = await registry.patch(f"{URL}/{made['id']}", json={"reference_level": "II"}, headers=headers)
    assert changed.status_code == 200, changed.text
