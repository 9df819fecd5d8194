"""Rules of networks through the API."""

from datetime import timedelta

import httpx
import pytest

from services.chassis.ground import clock
from tests.registry.networks.asks import INCLUSION
from tests.registry.networks.stories import Network
from tests.support.problems import assert_problem
from tests.support.records import add_territory

TOMORROW = str(clock.today() + timedelta(days=1))


@pytest.fixture(autouse=True)
async def territory(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)


def seen(made: dict[str, object]) -> dict[str, str]:
    return {"if-match": f'"{made["id"]}:{made["version"]}"'}


async def test_a_rule_is_retired_after_its_decisions_and_once(registry: httpx.AsyncClient) -> None:
    network = await Network.found(registry)
    await network.include(await network.propose(), "2024-03-01")
    path, end = f"{network.url}/rules/{network.inclusion['id']}/retire", {"valid_to": "2024-03-01", "reason": "nowa"}
    early = await registry.post(path, json=end, headers=seen(network.inclusion))
    assert assert_problem(early, 422, "validation-failed")["errors"][0]["pointer"] == "/valid_to"
    retired = await registry.post(path, json=end | {"valid_to": "2024-03-02"}, headers=seen(network.inclusion))
    assert (retired.status_code, retired.json()["valid_to"]) == (200, "2024-03-02")
    again = await registry.post(path, json=end, headers=seen(retired.json()))
    assert assert_problem(again, 409, "state-conflict")["state"] == "retired"
    late = await network.decide("include", await network.propose(), "2024-03-02")
    assert assert_problem(late, 409, "rule-not-met")["missing"] == ["in_force"]
    for query, codes in {
        "as_of=2024-03-01": ["W1", "Y1"],
        "as_of=2024-03-02": ["Y1"],
        "direction=inclusion": ["W1"],
    }.items():
        listed = (await registry.get(f"{network.url}/rules?{query}")).json()["items"]
        assert [rule["code"] for rule in listed] == codes


@pytest.mark.parametrize(
    ("facts", "status", "slug"),
    [
        ({}, 409, "rule-code-already-used"),
        ({"code": "W2", "valid_from": "2023-12-31"}, 422, "validation-failed"),
        ({"code": "W2", "direction": "exclusion", "in_county": True}, 422, "validation-failed"),
        ({"code": "W2", "sectors": ["magic"]}, 422, "validation-failed"),
        ({"code": "W2", "valid_to": "2025-01-01"}, 422, "validation-failed"),
    ],
)
async def test_a_rule_that_cannot_be_meant_is_refused(
    registry: httpx.AsyncClient, facts: dict[str, object], status: int, slug: str
) -> None:
    network = await Network.found(registry)
    assert_problem(await registry.post(f"{network.url}/rules", json=INCLUSION | facts), status, slug)
    assert len((await registry.get(f"{network.url}/rules")).json()["items"]) == 2
