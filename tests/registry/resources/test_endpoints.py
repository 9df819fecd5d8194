"""A county's inventory, and what it lacks."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import httpx
import pytest

from services.chassis.ground import clock
from services.registry.resources.rules import MODEL_SECTORS
from services.registry.support_services.rules import SupportKind
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import add_institution, add_territory, change

URL = "/v1/registry/counties/2469/resources"


@pytest.fixture(autouse=True)
async def territory(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)


async def test_an_empty_county_lacks_all_twenty_kinds_of_support(registry: httpx.AsyncClient) -> None:
    found = (await registry.get(URL)).json()
    assert (found["institutions"], found["offer"]) == ([], [])
    assert len(found["missing"]) == len(MODEL_SECTORS) * len(SupportKind) == 20


async def test_capacity_is_added_up_by_sector_and_kind_and_unknown_is_not_zero(registry: httpx.AsyncClient) -> None:
    host = await add_institution(registry)
    second = await add_institution(registry, type="hospital", name="Szpital")
    offers: list[tuple[dict[str, Any], dict[str, Any]]] = [
        (host, {"kind": "therapeutic", "capacity": 10, "free_places": 2, "waiting_days": 10}),
        (host, {"kind": "therapeutic", "capacity": 5, "free_places": 0, "waiting_days": 21}),
        (host, {"kind": "diagnostic"}),
        (second, {"kind": "diagnostic", "capacity": 3, "free_places": 3}),
    ]
    for institution, facts in offers:
        body = {"institution_id": institution["id"], "name": "Usługa", **facts}
        assert (await registry.post("/v1/registry/support-services", json=body)).status_code == 201
    found = (await registry.get(URL)).json()
    lines = {(line["sector"], line["kind"]): line for line in found["offer"]}
    therapy, unknown = lines["education", "therapeutic"], lines["education", "diagnostic"]
    assert (therapy["services"], therapy["institutions"], therapy["capacity"], therapy["free_places"]) == (2, 1, 15, 2)
    assert therapy["average_waiting_days"] == 15.5
    assert (unknown["capacity"], unknown["capacity_unknown"]) == (None, 1)
    assert lines["health", "diagnostic"]["capacity"] == 3
    present = {line["sector"]: line["institutions"] for line in found["institutions"]}
    assert present == {"education": 1, "health": 1}
    assert {"sector": "health", "kind": "diagnostic"} not in found["missing"]
    assert len(found["missing"]) == 17


async def test_another_countys_inventory_is_hidden_from_whoever_may_not_look(registry: httpx.AsyncClient) -> None:
    elsewhere = call_as("registry_editor", counties=["2401"])
    hidden = assert_problem(await registry.get(URL, headers=elsewhere), 404, "not-found")
    absent = assert_problem(
        await registry.get("/v1/registry/counties/9999/resources", headers=elsewhere), 404, "not-found"
    )
    assert {**hidden, "trace_id": "", "instance": ""} == {**absent, "trace_id": "", "instance": ""}
    assert (await registry.get(URL, headers=call_as("programme_manager", counties=[]))).status_code == 200


async def offer(client: httpx.AsyncClient, host: dict[str, Any], **facts: Any) -> dict[str, Any]:
    body = {"institution_id": host["id"], "name": "Grupa", "kind": "social"} | facts
    answer = await client.post("/v1/registry/support-services", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_only_what_is_offered_today_by_who_works_today_counts(registry: httpx.AsyncClient) -> None:
    today = clock.today()
    host = await add_institution(registry)
    await offer(registry, host, offered_to=str(today))
    await offer(registry, host, kind="emotional", offered_to=str(today - timedelta(days=1)))
    await offer(registry, host, kind="diagnostic", offered_from=str(today + timedelta(days=1)))
    closing = await add_institution(registry)
    await offer(registry, closing, kind="therapeutic")
    end, seen = {"closed_on": str(today), "reason": "koniec"}, {"if-match": f'"{closing["id"]}:1"'}
    await registry.post(f"/v1/registry/institutions/{closing['id']}/close", json=end, headers=seen)
    found = (await registry.get(URL)).json()
    assert [line["kind"] for line in found["offer"]] == ["social"]
    assert found["institutions"] == [{"sector": "education", "institutions": 1}]


async def test_today_is_the_day_in_poland(registry: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    await offer(registry, await add_institution(registry), offered_from="2026-07-01")
    for moment, services in (("2026-06-30T21:59:59+00:00", 0), ("2026-06-30T22:00:00+00:00", 1)):
        monkeypatch.setattr(clock, "now", partial(datetime.fromisoformat, moment))
        assert len((await registry.get(URL)).json()["offer"]) == services


async def test_what_nobody_verified_for_ninety_days_is_stale(registry: httpx.AsyncClient) -> None:
    host = await add_institution(registry)
    await offer(registry, host)
    old = await offer(registry, host)
    aged = "UPDATE support_services SET verified_at = now() - interval '91 days' WHERE id = CAST(:id AS uuid)"
    await change(registry, aged, id=old["id"])
    [line] = (await registry.get(URL)).json()["offer"]
    assert (line["services"], line["stale"]) == (2, 1)


async def test_whoever_looks_at_all_counties_is_told_which_is_not_there(registry: httpx.AsyncClient) -> None:
    manager = call_as("programme_manager", counties=[])
    answer = await registry.get("/v1/registry/counties/9999/resources", headers=manager)
    assert_problem(answer, 404, "county-not-found")
