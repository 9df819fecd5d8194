"""Several people decide about memberships at once; and files, which need sessions of their own too."""

import asyncio
from collections import Counter
from typing import Any

import httpx
import pytest

from tests.registry.networks.stories import Network
from tests.support.records import add_institution, add_territory, fetch


@pytest.fixture
async def network(racing_registry: httpx.AsyncClient) -> Network:
    await add_territory(racing_registry)
    return await Network.found(racing_registry)


async def assert_history_is_a_path(network: Network, membership: dict[str, Any]) -> None:
    """Numbers without a gap, each state led to by the one before, and the membership as the last one says."""
    history = await network.decisions(membership)
    assert [line["number"] for line in history] == [*range(1, len(history) + 1)]
    states = [None, *[line["to_state"] for line in history]]
    assert [line["from_state"] for line in history] == states[:-1]
    now = (await network.client.get(f"{network.url}/memberships/{membership['id']}")).json()
    assert (now["state"], now["version"]) == (states[-1], len(history))
    told = "SELECT count(*) FROM events WHERE type LIKE 'registry.membership.%'"
    noted = "SELECT count(*) FROM audit_records WHERE subject LIKE '%/memberships/%' AND outcome = 'done'"
    assert await fetch(network.client, told) == await fetch(network.client, noted) == [(len(history),)]


async def test_of_twenty_inclusions_of_one_version_one_is_taken(network: Network) -> None:
    membership = await network.propose()
    answers = await asyncio.gather(*[network.decide("include", membership) for _ in range(20)])
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 19}
    await assert_history_is_a_path(network, membership)
    assert len(await network.decisions(membership)) == 2


@pytest.mark.parametrize("begins", ["proposed", "included"])
async def test_of_twenty_mixed_decisions_on_one_version_one_is_taken(network: Network, begins: str) -> None:
    membership = await network.propose()
    if begins == "included":
        membership = await network.include(membership, "2024-02-01")
    verbs = ["include", "exclude"] * 10
    answers = await asyncio.gather(*[network.decide(verb, membership) for verb in verbs])
    counted = Counter(answer.status_code for answer in answers)
    assert counted[200] == 1
    assert counted[409] + counted[412] == 19
    [taken] = [verb for verb, answer in zip(verbs, answers, strict=True) if answer.status_code == 200]
    assert taken == ("include" if begins == "proposed" else "exclude")
    await assert_history_is_a_path(network, membership)


async def test_callers_who_read_again_decide_in_turn_and_the_history_stays_whole(network: Network) -> None:
    membership = await network.propose()
    path = f"{network.url}/memberships/{membership['id']}"

    async def insist(verb: str) -> int:
        taken = 0
        for _ in range(6):
            now = (await network.client.get(path)).json()
            taken += (await network.decide(verb, now)).status_code == 200
        return taken

    taken = await asyncio.gather(*[insist(verb) for verb in ["include", "exclude"] * 5])
    assert len(await network.decisions(membership)) == 1 + sum(taken) > 2
    await assert_history_is_a_path(network, membership)


async def test_one_institution_proposed_twenty_times_at_once_is_proposed_once(network: Network) -> None:
    body = {"institution_id": (await add_institution(network.client))["id"], "role": "supporting"}
    url = f"{network.url}/memberships"
    answers = await asyncio.gather(*[network.client.post(url, json=body) for _ in range(20)])
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 19}
    assert await fetch(network.client, "SELECT number FROM network_decisions") == [(1,)]


async def test_nothing_is_decided_in_a_network_that_has_closed_meanwhile(network: Network) -> None:
    waiting = [await network.propose() for _ in range(8)]
    end, seen = {"closed_on": "2024-03-01", "reason": "koniec"}, {"if-match": f'"{network.made["id"]}:1"'}
    closing = network.client.post(f"{network.url}/close", json=end, headers=seen)
    decisions = [network.decide("include", membership) for membership in waiting]
    *decided, closed = await asyncio.gather(*decisions, closing)
    assert closed.status_code == 200
    assert {answer.status_code for answer in decided} <= {200, 409}
    told = [row.type for row in await fetch(network.client, "SELECT type FROM events ORDER BY position")]
    assert told[-1] == "registry.network.closed"


async def test_a_rule_is_not_retired_from_before_a_decision_taken_at_the_same_time(network: Network) -> None:
    waiting = [await network.propose() for _ in range(6)]
    end, seen = {"valid_to": "2024-03-01", "reason": "nowa"}, {"if-match": f'"{network.inclusion["id"]}:1"'}
    retiring = network.client.post(f"{network.url}/rules/{network.inclusion['id']}/retire", json=end, headers=seen)
    decisions = [network.decide("include", membership) for membership in waiting]
    retired, *decided = await asyncio.gather(retiring, *decisions)
    taken = [answer for answer in decided if answer.status_code == 200]
    assert (retired.status_code == 200) == (not taken)
    assert {answer.status_code for answer in decided} <= {200, 409}


@pytest.mark.parametrize("format_", ["csv", "ndjson", "xlsx"])
async def test_members_are_had_as_a_file_too(network: Network, format_: str) -> None:
    await network.include(await network.propose(await add_institution(network.client, name="Żółć")))
    for query in ("", "&as_of=2024-05-01"):
        answer = await network.client.get(f"{network.url}/memberships?format={format_}{query}")
        assert answer.status_code == 200
        assert format_ == "xlsx" or "Żółć" in answer.text
