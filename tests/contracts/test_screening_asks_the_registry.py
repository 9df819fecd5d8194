"""What screening's own client expects of the registry, asked of the real one in process."""

import uuid

import httpx

from tests.support.institutions import institutions_by
from tests.support.records import add_institution, add_territory, app_of


async def test_screening_learns_which_institutions_are_registered_closed_ones_too(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)
    working, closed, future = [
        (await add_institution(registry, name=name, **facts))["id"]
        for name, facts in (("Działa", {}), ("Zamknięta", {}), ("Przyszła", {"opened_on": "2099-09-01"}))
    ]
    ended = {"closed_on": "2020-01-01", "reason": "likwidacja"}
    path = f"/v1/registry/institutions/{closed}"
    shut = await registry.post(f"{path}/close", json=ended, headers={"if-match": f'"{closed}:1"'})
    assert shut.status_code == 200, shut.text
    asked = institutions_by(httpx.ASGITransport(app_of(registry)))
    nowhere = uuid.uuid4()
    named = [*map(uuid.UUID, (working, closed, future)), nowhere, None]
    assert await asked.find_unknown(named) == {nowhere}


async def test_a_hundred_are_asked_about_at_once_and_more_in_turn(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)
    known = uuid.UUID((await add_institution(registry))["id"])
    nowhere = {uuid.uuid4() for _ in range(150)}
    asked = institutions_by(httpx.ASGITransport(app_of(registry)))
    assert await asked.find_unknown([*nowhere, known]) == nowhere


async def test_the_registry_lists_by_one_id_and_by_several(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)
    first, second, _ = [(await add_institution(registry, name=name))["id"] for name in ("A", "B", "C")]
    one = await registry.get("/v1/registry/institutions", params={"id": first})
    two = await registry.get("/v1/registry/institutions", params={"id": [first, second], "fields": "id"})
    assert [item["id"] for item in one.json()["items"]] == [first]
    assert {item["id"] for item in two.json()["items"]} == {first, second}


async def test_screening_learns_whom_parents_call_and_nothing_of_a_closed_one(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)
    place = {"street": "ul. Zmyślona", "building": "5", "postcode": "40-001", "locality": "Katowice"}
    host = await add_institution(registry, name="Poradnia", phone="325012030", **place)
    asked = institutions_by(httpx.ASGITransport(app_of(registry)))
    found = await asked.find_contact(uuid.UUID(host["id"]))
    assert found
    assert (found.name, found.address, found.phone) == (
        "Poradnia",
        "ul. Zmyślona 5, 40-001 Katowice",
        "325012030",
    )
    path = f"/v1/registry/institutions/{host['id']}"
    ended = {"closed_on": "2020-01-01", "reason": "likwidacja"}
    await registry.post(f"{path}/close", json=ended, headers={"if-match": f'"{host["id"]}:1"'})
    assert await asked.find_contact(uuid.UUID(host["id"])) is None
