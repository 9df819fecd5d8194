"""Institutions through the API."""

import httpx
import pytest

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
