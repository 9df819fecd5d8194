"""Members whose rule no longer holds, and the notice they are given, through the API."""

from datetime import timedelta

import httpx

from services.chassis.ground import clock
from tests.registry.networks.stories import COORDINATOR, Network, post
from tests.support.problems import assert_problem
from tests.support.records import add_institution, add_territory, change, fetch

AGED = "UPDATE support_services SET verified_at = now() - interval '91 days'"
TODAY = clock.today()
NOTICE = {"answer_by": str(TODAY + timedelta(days=30)), "note": "prosimy potwierdzić ofertę"}


async def test_a_member_whose_rule_no_longer_holds_is_listed_and_given_notice(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)
    network = await Network.found(registry, needs_verified_service=True, in_county=True)
    host = await add_institution(registry)
    offer = {"institution_id": host["id"], "name": "Terapia", "kind": "therapeutic"}
    await post(registry, "/v1/registry/support-services", offer)
    # Entered today, and so verified from today on.
    member = await network.include(await network.propose(host), str(TODAY))
    lapsed, notices = f"{network.url}/lapsed-memberships", f"{network.url}/memberships/{member['id']}/notices"
    assert (await registry.get(lapsed)).json()["items"] == []
    assert_problem(await registry.post(notices, json=NOTICE, headers=COORDINATOR), 409, "rule-still-met")
    # Nobody has verified the offer for longer than ninety days.
    await change(registry, AGED)
    [found] = (await registry.get(lapsed)).json()["items"]
    assert (found["institution_id"], found["rule_code"]) == (host["id"], "W1")
    assert (found["missing"], found["noticed_on"]) == (["needs_verified_service"], None)
    early = await registry.post(notices, json={"answer_by": str(TODAY)}, headers=COORDINATOR)
    [error] = assert_problem(early, 422, "validation-failed")["errors"]
    assert (error["pointer"], error["code"]) == ("/answer_by", "wrong_order")
    given = await registry.post(notices, json=NOTICE, headers=COORDINATOR)
    assert (given.status_code, given.json()["missing"]) == (201, ["needs_verified_service"])
    assert (await registry.get(given.headers["location"])).json() == given.json()
    [found] = (await registry.get(lapsed)).json()["items"]
    assert (found["noticed_on"], found["answer_by"]) == (str(TODAY), NOTICE["answer_by"])
    [told] = await fetch(registry, "SELECT data FROM events WHERE type = 'registry.membership.notice-given'")
    assert (told.data["missing"], told.data["answer_by"]) == (["needs_verified_service"], NOTICE["answer_by"])
    # Nobody is excluded by a notice: the coordinator decides.
    assert (await registry.get(f"{network.url}/memberships/{member['id']}")).json()["state"] == "included"


async def test_a_retired_rule_and_a_closed_institution_are_told_and_who_has_left_is_not(
    registry: httpx.AsyncClient,
) -> None:
    await add_territory(registry)
    network = await Network.found(registry)
    hosts = [await add_institution(registry, name=name) for name in "ABC"]
    members = [await network.include(await network.propose(host)) for host in hosts]
    await network.decide("exclude", members[2], "2024-06-01")
    end, seen = {"closed_on": str(TODAY), "reason": "koniec"}, {"if-match": f'"{hosts[1]["id"]}:1"'}
    assert (await registry.post(f"/v1/registry/institutions/{hosts[1]['id']}/close", json=end, headers=seen)).is_success
    lapsed = f"{network.url}/lapsed-memberships"
    assert [(item["institution_name"], item["missing"]) for item in (await registry.get(lapsed)).json()["items"]] == [
        ("B", ["open"])
    ]
    retired, tag = {"valid_to": str(TODAY), "reason": "zastąpiona"}, {"if-match": f'"{network.inclusion["id"]}:1"'}
    path = f"{network.url}/rules/{network.inclusion['id']}/retire"
    assert (await registry.post(path, json=retired, headers=tag)).is_success
    assert [(item["institution_name"], item["missing"]) for item in (await registry.get(lapsed)).json()["items"]] == [
        ("A", ["in_force"]),
        ("B", ["open", "in_force"]),
    ]
    gone = f"{network.url}/memberships/{members[2]['id']}/notices"
    assert_problem(await registry.post(gone, json=NOTICE, headers=COORDINATOR), 409, "state-conflict")
