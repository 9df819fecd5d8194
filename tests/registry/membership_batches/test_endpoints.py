"""A county's coordinator takes a whole list in, each institution by its own decision."""

import uuid

from tests.registry.networks.asks import decision
from tests.registry.networks.stories import COORDINATOR, URL, Network
from tests.support.problems import assert_problem


async def test_of_many_proposals_each_is_included_or_refused_alone(network: Network) -> None:
    first, second, third = [await network.propose() for _ in range(3)]
    member = await network.include(second)
    rule = decision(network.inclusion, "2024-03-02")
    items = [
        {"id": first["id"], "version": 1} | rule,
        {"id": member["id"], "version": 2} | rule,
        {"id": third["id"], "version": 1} | decision(network.exclusion, "2024-03-02"),
        {"id": third["id"], "version": 1} | rule,
    ]
    key = COORDINATOR | {"idempotency-key": "list"}
    answer = await network.client.post(f"{network.url}/memberships:include", json={"items": items}, headers=key)
    told = answer.json()["items"]
    assert [(item["status"], item["version"]) for item in told] == [
        ("done", 2),
        ("refused", None),
        ("refused", None),
        ("done", 2),
    ]
    assert told[1]["problem"]["allowed"] == ["exclude"]
    assert told[2]["problem"]["code"] == "rule_not_met"
    assert [line["to_state"] for line in await network.decisions(third)] == ["proposed", "included"]


async def test_a_list_for_no_network_is_refused_as_a_whole(network: Network) -> None:
    items = [{"id": str(uuid.uuid4()), "version": 1} | decision(network.inclusion, "2024-03-02")]
    key = COORDINATOR | {"idempotency-key": "nowhere"}
    unknown = f"{URL}/{uuid.uuid4()}/memberships:include"
    assert_problem(await network.client.post(unknown, json={"items": items}, headers=key), 404, "network-not-found")
