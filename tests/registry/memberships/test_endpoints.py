"""Who is proposed, included and excluded, by whom and by which rule, through the API."""

from datetime import timedelta

import pytest

from services.chassis.ground import clock
from tests.registry.networks.stories import COORDINATOR, Network
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import add_institution

TOMORROW = str(clock.today() + timedelta(days=1))


async def test_a_proposal_becomes_a_member_leaves_and_returns_and_nothing_is_forgotten(network: Network) -> None:
    proposed = await network.propose(reason="własna prośba")
    assert (proposed["state"], proposed["version"], proposed["proposed_by"]) == ("proposed", 1, "registry_editor")
    member = await network.include(proposed, "2024-03-01")
    shown = (await network.client.get(f"{network.url}/memberships/{member['id']}?expand=institution")).json()
    host = await network.client.get(f"/v1/registry/institutions/{member['institution_id']}")
    assert shown == await network.read(member) | {"institution": host.json()}
    excluded = (await network.decide("exclude", member, "2024-06-01")).json()
    assert (excluded["state"], excluded["state_since"]) == ("excluded", "2024-06-01")
    again = await network.include(excluded, "2024-06-01")
    assert (again["state"], again["version"]) == ("included", 4)
    history = await network.decisions(again)
    assert [(line["number"], line["from_state"], line["to_state"]) for line in history] == [
        (1, None, "proposed"),
        (2, "proposed", "included"),
        (3, "included", "excluded"),
        (4, "excluded", "included"),
    ]
    assert [line["rule_code"] for line in history] == [None, "W1", "Y1", "W1"]
    assert [line["decided_by"] for line in history] == ["registry_editor"] + ["county_coordinator"] * 3


async def test_a_network_is_read_as_it_was_by_the_days_of_its_decisions(network: Network) -> None:
    host = await add_institution(network.client, type="county_family_support_centre")
    member = await network.include(await network.propose(host), "2024-03-01", role="cooperating")
    await network.decide("exclude", member, "2024-06-01")
    url = f"{network.url}/memberships"
    for day, states in {
        "2024-01-31": [],
        "2024-02-01": [("proposed", "supporting", 1)],
        "2024-02-29": [("proposed", "supporting", 1)],
        "2024-03-01": [("included", "cooperating", 2)],
        "2024-05-31": [("included", "cooperating", 2)],
        "2024-06-01": [("excluded", "cooperating", 3)],
    }.items():
        found = (await network.client.get(f"{url}?as_of={day}")).json()["items"]
        assert [(item["state"], item["role"], item["version"]) for item in found] == states, day
    assert (await network.client.get(f"{url}?as_of=2024-05-01&state=excluded")).json()["items"] == []
    assert (
        len((await network.client.get(f"{url}?state=excluded&role=cooperating&sector=family_support")).json()["items"])
        == 1
    )


@pytest.mark.parametrize(("verb", "allowed"), [("exclude", ["include"]), ("include", ["exclude"])])
async def test_what_the_state_does_not_allow_is_refused_with_what_it_allows(
    network: Network, verb: str, allowed: list[str]
) -> None:
    membership = await network.propose()
    if verb == "include":
        membership = await network.include(membership)
    refused = assert_problem(await network.decide(verb, membership, "2024-04-01"), 409, "state-conflict")
    assert (refused["state"], refused["allowed"]) == (membership["state"], allowed)
    assert len(await network.decisions(membership)) == membership["version"]


@pytest.mark.parametrize(
    ("day", "code"), [("2024-01-31", "wrong_order"), (TOMORROW, "in_future"), ("2024-02-01", None)]
)
async def test_a_decision_follows_the_last_one_and_is_not_of_tomorrow(
    network: Network, day: str, code: str | None
) -> None:
    answer = await network.decide("include", await network.propose(), day)
    if code is None:
        assert answer.status_code == 200
    else:
        error = assert_problem(answer, 422, "validation-failed")["errors"][0]
        assert (error["pointer"], error["code"]) == ("/decided_on", code)


@pytest.mark.parametrize(("day", "code"), [("2023-12-31", "wrong_order"), (TOMORROW, "in_future")])
async def test_a_proposal_lies_between_the_founding_and_today(network: Network, day: str, code: str) -> None:
    body = {"institution_id": (await add_institution(network.client))["id"], "role": "supporting", "proposed_on": day}
    answer = await network.client.post(f"{network.url}/memberships", json=body)
    assert assert_problem(answer, 422, "validation-failed")["errors"][0]["code"] == code


async def test_an_institution_is_proposed_once_and_may_propose_itself(network: Network) -> None:
    host, other = [await add_institution(network.client, name=name) for name in "AB"]
    own = call_as("service_provider", counties=[], institution=host["id"])
    url = f"{network.url}/memberships"
    body = {"institution_id": host["id"], "role": "supporting"}
    made = await network.client.post(url, json=body, headers=own)
    assert (made.status_code, made.headers["location"]) == (201, f"{url}/{made.json()['id']}")
    assert (made.json()["state_since"], made.json()["proposed_by"]) == (str(clock.today()), "service_provider")
    assert_problem(await network.client.post(url, json=body), 409, "institution-already-proposed")
    foreign = await network.client.post(url, json=body | {"institution_id": other["id"]}, headers=own)
    assert assert_problem(foreign, 403, "outside-scope")["relation"] == "own_institution"
    nobody = body | {"institution_id": "01990000-0000-7000-8000-00000000dead"}
    assert_problem(await network.client.post(url, json=nobody), 422, "unknown-reference")


async def test_whoever_keeps_the_registers_does_not_decide(network: Network) -> None:
    membership = await network.propose()
    body = {"rule_id": network.inclusion["id"], "decided_on": "2024-03-01", "reason": "X"}
    path, seen = f"{network.url}/memberships/{membership['id']}/include", {"if-match": f'"{membership["id"]}:1"'}
    assert_problem(await network.client.post(path, json=body, headers=seen), 403, "forbidden")
    assert_problem(await network.client.post(path, json=body, headers=COORDINATOR), 428, "precondition-required")
    elsewhere = call_as("county_coordinator", counties=["2401"]) | seen
    assert_problem(await network.client.post(path, json=body, headers=elsewhere), 403, "outside-scope")
    for lacking in ("reason", "decided_on", "rule_id"):
        partial = {name: value for name, value in body.items() if name != lacking}
        answer = await network.client.post(path, json=partial, headers=COORDINATOR | seen)
        assert assert_problem(answer, 422, "validation-failed")["errors"][0]["pointer"] == f"/{lacking}"
