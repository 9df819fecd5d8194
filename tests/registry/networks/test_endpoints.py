"""Networks through the API."""

from datetime import date, timedelta

import httpx
import pytest

from services.chassis.ground import clock
from services.registry.networks.queries import list_networks_of_day
from tests.registry.networks.asks import INCLUSION, NETWORK
from tests.registry.networks.stories import URL, Network, post
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import add_institution, add_territory, app_of, change, fetch

NEW = NETWORK | {"county_terc": "2469"}
TOMORROW = str(clock.today() + timedelta(days=1))


@pytest.fixture(autouse=True)
async def territory(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)


def seen(made: dict[str, object]) -> dict[str, str]:
    return {"if-match": f'"{made["id"]}:{made["version"]}"'}


async def test_a_county_founds_one_network_and_another_only_after_it_closed(registry: httpx.AsyncClient) -> None:
    made = await post(registry, URL, NEW)
    assert_problem(await registry.post(URL, json=NEW), 409, "network-already-open")
    end = {"closed_on": "2025-06-30", "reason": "nowa sieć"}
    closed = await registry.post(f"{URL}/{made['id']}/close", json=end, headers=seen(made))
    assert (closed.status_code, closed.json()["closed_on"]) == (200, "2025-06-30")
    early = await registry.post(URL, json=NEW | {"founded_on": "2025-06-29"})
    assert assert_problem(early, 422, "validation-failed")["errors"][0]["code"] == "wrong_order"
    assert (await registry.post(URL, json=NEW | {"founded_on": "2025-06-30"})).status_code == 201
    for query, founded in {
        "open=true": ["2025-06-30"],
        "open=false": ["2024-01-01"],
        "as_of=2025-06-29": ["2024-01-01"],
    }.items():
        listed = (await registry.get(f"{URL}?county_terc=2469&sort=founded_on&{query}")).json()["items"]
        assert [item["founded_on"] for item in listed] == founded
    then = (await registry.get(f"{URL}?open=true&as_of=2024-05-01")).json()["items"]
    assert [item["id"] for item in then] == [made["id"]]


@pytest.mark.parametrize(
    ("facts", "status", "slug", "pointer"),
    [
        ({"county_terc": "9999"}, 422, "unknown-reference", "/county_terc"),
        ({"founded_on": TOMORROW}, 422, "validation-failed", "/founded_on"),
        ({"name": ""}, 422, "validation-failed", "/name"),
        ({"closed_on": "2025-01-01"}, 422, "validation-failed", "/closing_reason"),
    ],
)
async def test_a_wrong_network_is_refused_by_field(
    registry: httpx.AsyncClient, facts: dict[str, str], status: int, slug: str, pointer: str
) -> None:
    answer = await registry.post(URL, json=NEW | facts)
    assert assert_problem(answer, status, slug)["errors"][0]["pointer"] == pointer
    assert await fetch(registry, "SELECT 1 FROM networks") == []


async def test_a_network_is_renamed_by_whoever_read_it(registry: httpx.AsyncClient) -> None:
    made = await post(registry, URL, NEW)
    path = f"{URL}/{made['id']}"
    renamed = await registry.patch(path, json={"name": "Nowa", "description": "Opis"}, headers=seen(made))
    assert (renamed.json()["name"], renamed.json()["version"]) == ("Nowa", 2)
    assert_problem(await registry.patch(path, json={"name": "X"}, headers=seen(made)), 412, "version-mismatch")
    assert_problem(await registry.patch(path, json={"name": "X"}), 428, "precondition-required")
    same = await registry.patch(path, json={"name": "Nowa"}, headers=seen(renamed.json()))
    assert (same.status_code, same.json()["version"]) == (200, 2)
    told = await fetch(registry, "SELECT type, data FROM events ORDER BY position")
    assert [row.type for row in told] == ["registry.network.created", "registry.network.changed"]
    assert "Nowa" not in str(told)
    elsewhere = call_as("registry_editor", counties=["2401"]) | seen(renamed.json())
    assert_problem(await registry.patch(path, json={"name": "X"}, headers=elsewhere), 403, "outside-scope")


async def test_a_network_does_not_close_before_its_last_decision_and_then_takes_none(
    registry: httpx.AsyncClient,
) -> None:
    network = await Network.found(registry)
    member = await network.include(await network.propose(), "2024-03-01")
    end = {"closed_on": "2024-02-29", "reason": "koniec"}
    early = await registry.post(f"{network.url}/close", json=end, headers=seen(network.made))
    assert assert_problem(early, 422, "validation-failed")["errors"][0]["pointer"] == "/closed_on"
    late = await registry.post(f"{network.url}/close", json=end | {"closed_on": TOMORROW}, headers=seen(network.made))
    assert assert_problem(late, 422, "validation-failed")["errors"][0]["code"] == "in_future"
    closed = await registry.post(
        f"{network.url}/close", json=end | {"closed_on": "2024-03-01"}, headers=seen(network.made)
    )
    assert closed.status_code == 200
    other = {"institution_id": (await add_institution(registry))["id"], "role": "supporting"}
    refused = [
        await network.decide("exclude", member, "2024-04-01"),
        await registry.post(f"{network.url}/memberships", json=other),
        await registry.post(f"{network.url}/rules", json=INCLUSION | {"code": "W2", "valid_from": "2024-03-01"}),
        await registry.patch(network.url, json={"name": "X"}, headers=seen(closed.json())),
        await registry.post(f"{network.url}/close", json=end, headers=seen(closed.json())),
    ]
    for answer in refused:
        assert assert_problem(answer, 409, "network-closed")["allowed"] == []
    kept = (await registry.get(f"{network.url}/memberships")).json()["items"]
    assert [item["state"] for item in kept] == ["included"]


async def test_a_network_of_the_past_is_founded_with_its_end_beside_the_one_of_today(
    registry: httpx.AsyncClient,
) -> None:
    await post(registry, URL, NEW)
    over = NEW | {"founded_on": "2022-10-01", "closed_on": "2024-01-01", "closing_reason": "koniec pilotażu"}
    late = await registry.post(URL, json=over | {"closed_on": "2024-01-02"})
    assert_problem(late, 409, "network-already-open")
    pilot = await post(registry, URL, over)
    assert {*pilot["recorded"]} == {"founded_on", "closed_on"}
    rule = await post(registry, f"{URL}/{pilot['id']}/rules", INCLUSION | {"valid_from": "2022-10-01"})
    network = Network(registry, pilot, rule, rule)
    proposed = await network.propose(proposed_on="2022-10-03")
    assert (await network.include(proposed, "2023-12-31"))["state"] == "included"
    refused = await network.client.post(
        f"{network.url}/memberships",
        json={"institution_id": proposed["institution_id"], "role": "supporting", "proposed_on": "2024-01-01"},
    )
    assert_problem(refused, 409, "network-closed")


async def test_a_network_counts_its_members_by_role_and_sector(registry: httpx.AsyncClient) -> None:
    network = await Network.found(registry)
    for kind, role in (("hospital", "supporting"), ("kindergarten", "cooperating"), ("kindergarten", "cooperating")):
        await network.include(await network.propose(await add_institution(registry, type=kind), role=role))
    await network.propose()
    found = await registry.get(network.url)
    assert found.json()["members"] == [
        {"role": "cooperating", "sector": "education", "institutions": 2},
        {"role": "supporting", "sector": "health", "institutions": 1},
    ]
    assert (found.json()["proposed"], found.headers["etag"]) == (1, seen(network.made)["if-match"])
    known = await registry.get(network.url, headers={"if-none-match": found.headers["etag"]})
    assert known.status_code == 200


async def test_a_county_has_built_its_network_from_the_day_of_its_first_member(registry: httpx.AsyncClient) -> None:
    async def is_built(day: str, county: str = "2469") -> bool:
        async with app_of(registry).state.database.change() as change:
            return bool(await list_networks_of_day(change, county, date.fromisoformat(day), with_member=True))

    assert not await is_built("2024-05-01")
    network = await Network.found(registry)
    proposed = await network.propose()
    assert not await is_built("2024-05-01")
    member = await network.include(proposed)
    assert [await is_built(day) for day in ("2024-02-29", "2024-03-01", "2024-05-01")] == [False, True, True]
    assert not await is_built("2024-05-01", "2401")
    excluded = await network.decide("exclude", member, "2024-04-01")
    await network.include(excluded.json(), "2024-06-01")
    days = ("2024-03-31", "2024-04-01", "2024-05-31", "2024-06-01")
    assert [await is_built(day) for day in days] == [True, False, False, True]
    end = {"closed_on": "2024-07-01", "reason": "nowa sieć"}
    assert (await registry.post(f"{network.url}/close", json=end, headers=seen(network.made))).status_code == 200
    assert [await is_built(day) for day in ("2024-06-30", "2024-07-01")] == [True, False]


async def test_what_is_not_there_is_not_found(registry: httpx.AsyncClient) -> None:
    network, nobody = await Network.found(registry), "01990000-0000-7000-8000-00000000dead"
    for path in ("", "/rules", "/memberships", "/gaps"):
        assert_problem(await registry.get(f"{URL}/{nobody}{path}"), 404, "network-not-found")
    for path in ("", "/decisions"):
        answer = await registry.get(f"{network.url}/memberships/{nobody}{path}")
        assert_problem(answer, 404, "membership-not-found")
    end = {"valid_to": "2026-01-01", "reason": "X"}
    tag = {"if-match": f'"{nobody}:1"'}
    answer = await registry.post(f"{network.url}/rules/{nobody}/retire", json=end, headers=tag)
    assert_problem(answer, 404, "network-rule-not-found")


async def test_decisions_can_be_added_and_never_changed_by_the_service_itself(registry: httpx.AsyncClient) -> None:
    network = await Network.found(registry)
    await network.include(await network.propose())
    for statement in ("UPDATE network_decisions SET reason = 'inny'", "DELETE FROM network_decisions"):
        with pytest.raises(Exception, match="permission denied"):
            await change(registry, statement)
