"""What casework's own client expects of the registry, asked of the real one in process."""

import asyncio
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from services.casework.peers import Place, Registry, Stay
from services.casework.problems import NoPlaceLeft, ServiceNotSuitable
from services.chassis.ground import clock
from services.chassis.ground.problems import UnknownReference
from tests.casework.referrals.registries import registry_by
from tests.support.records import add_institution, add_territory, app_of

SERVICES = "/v1/registry/support-services"
TODAY = clock.today()


def asked(client: httpx.AsyncClient) -> Registry:
    return registry_by(httpx.ASGITransport(app_of(client)))


def stay(**facts: Any) -> Stay:
    return Stay(datetime.now(UTC) + timedelta(days=14), **facts)


async def offered(client: httpx.AsyncClient, **facts: Any) -> dict[str, Any]:
    """A service of a new institution."""
    await add_territory(client)
    host = await add_institution(client)
    body = {"institution_id": host["id"], "name": "Terapia", "kind": "therapeutic", "capacity": 3, "free_places": 1}
    answer = await client.post(SERVICES, json={**body, **facts})
    assert answer.status_code == 201, answer.text
    service: dict[str, Any] = answer.json()
    return service


async def free(client: httpx.AsyncClient, service: dict[str, Any]) -> Any:
    return (await client.get(f"{SERVICES}/{service['id']}")).json()["free_places"]


def place_of(service: dict[str, Any]) -> Place:
    return Place(uuid.UUID(service["id"]), uuid.uuid4())


async def test_casework_learns_whom_a_service_is_for(registry: httpx.AsyncClient) -> None:
    facts = {"age_from_months": 6, "age_to_months": 84, "eligibility_documents": ["disability_ruling"]}
    service = await offered(registry, target_groups=["child"], offered_to="2099-01-01", **facts)
    found = await asked(registry).get_service(uuid.UUID(service["id"]))
    shown = found.model_dump(mode="json")
    assert shown == {name: service[name] for name in shown}
    assert shown["county_terc"] == "2469"
    with pytest.raises(UnknownReference):
        await asked(registry).get_service(uuid.uuid4())


async def test_a_place_is_reserved_taken_and_released_each_once(registry: httpx.AsyncClient) -> None:
    service = await offered(registry)
    casework, place = asked(registry), place_of(service)
    waits = stay()
    reserved = [await casework.reserve(place, waits, "the-same-key") for _ in range(2)]
    assert {(one.id, one.state) for one in reserved} == {(reserved[0].id, "reserved")}
    assert await free(registry, service) == 0
    with pytest.raises(NoPlaceLeft):
        await casework.reserve(place_of(service), stay(), "another-key")
    taken = [await casework.take(place, stay()) for _ in range(2)]
    assert {(one.id, one.state) for one in taken} == {(reserved[0].id, "taken")}
    for _ in range(2):
        await casework.release(place)
        assert await free(registry, service) == 1
    again = await casework.take(place, stay())
    assert (again.id != reserved[0].id, again.state) == (True, "taken")


async def test_a_place_whose_time_is_over_is_taken_anew(
    registry: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = await offered(registry)
    casework, place = asked(registry), place_of(service)
    first = await casework.reserve(place, stay(), "key")
    later = datetime.now(UTC) + timedelta(days=20)
    monkeypatch.setattr(clock, "now", lambda: later)
    taken = await casework.take(place, Stay(later + timedelta(days=2)))
    assert (taken.state, taken.id != first.id) == ("taken", True)
    assert await free(registry, service) == 0


async def test_the_registry_judges_by_age_and_documents_as_casework_does(registry: httpx.AsyncClient) -> None:
    service = await offered(registry, age_to_months=36, eligibility_documents=["disability_ruling"])
    for told in ({"age_months": 36, "documents": ["disability_ruling"]}, {"age_months": 3, "documents": []}):
        with pytest.raises(ServiceNotSuitable):
            await asked(registry).reserve(place_of(service), stay(**told), str(uuid.uuid4()))
    fits = stay(age_months=35, documents=["disability_ruling"])
    assert (await asked(registry).reserve(place_of(service), fits, "fits")).state == "reserved"


async def test_a_county_has_a_lead_centre_while_the_function_is_held_wherever_its_host_lies(
    registry: httpx.AsyncClient,
) -> None:
    await add_territory(registry)
    host = await add_institution(registry, name="Ośrodek", type="special_school_centre", ownership="public")
    path = f"/v1/registry/institutions/{host['id']}/functions"
    begun = (TODAY - timedelta(days=30)).isoformat()
    given = await registry.post(path, json={"kind": "wokro", "held_from": begun, "held_to": TODAY.isoformat()})
    assert given.status_code == 201, given.text
    casework = asked(registry)
    days = [TODAY - timedelta(days=number) for number in (31, 30, 1, 0)]
    assert [await casework.has_lead_centre("2469", day) for day in days] == [False, True, True, False]
    assert not await casework.has_lead_centre("2401", days[1])


async def test_of_twenty_referrals_that_want_the_last_place_one_gets_it(racing_registry: httpx.AsyncClient) -> None:
    service = await offered(racing_registry)
    casework = asked(racing_registry)
    asking = [casework.reserve(place_of(service), stay(), str(uuid.uuid4())) for _ in range(20)]
    answers = await asyncio.gather(*asking, return_exceptions=True)
    assert sorted(type(one).__name__ for one in answers) == ["NoPlaceLeft"] * 19 + ["Reservation"]
    assert await free(racing_registry, service) == 0
