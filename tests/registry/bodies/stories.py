"""What the stories of bodies are told with: founding, seats, steps, through the API."""

from datetime import date
from typing import Any

import httpx

from tests.support.callers import call_as
from tests.support.records import add_institution, change

URL = "/v1/registry/bodies"
COORDINATOR = call_as("county_coordinator")
EVERYWHERE = call_as("county_coordinator", counties=["*"])
PLATFORM, CENTRE = "county_cooperation_platform", "county_resource_coordination_centre"
TEAM, REGION = "local_synergy_team", "regional_cooperation_platform"
SEATS = {
    PLATFORM: {"county_terc": "2469"},
    CENTRE: {"county_terc": "2469"},
    TEAM: {"commune_terc": "2469011"},
    REGION: {"voivodeship_terc": "24"},
}
BEFORE_WORK = ["letter_of_intent", "first_meeting", "schedule_and_diagnosis"]
OF_CENTRES = [
    "persons_and_units_designated",
    "support_network_created",
    "rules_team_appointed",
    "centre_established",
    "staff_trained",
]
EMPLOYMENT, BENEFIT = "county_employment_council", "county_public_benefit_council"


def tag_of(made: dict[str, Any]) -> dict[str, str]:
    return {"if-match": f'"{made["id"]}:{made["version"]}"'}


async def ask_to_found(client: httpx.AsyncClient, kind: str, **facts: Any) -> httpx.Response:
    body = {"kind": kind, "name": "Ciało", "founded_on": "2024-01-01", **SEATS[kind], **facts}
    return await client.post(URL, json=body, headers=EVERYWHERE)


async def found(client: httpx.AsyncClient, kind: str, **facts: Any) -> dict[str, Any]:
    answer = await ask_to_found(client, kind, **facts)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def ask_to_seat(
    client: httpx.AsyncClient, body: dict[str, Any], group: str, day: str = "2024-02-01", **facts: Any
) -> httpx.Response:
    seat = {"group": group, "person_role": "członek", "held_from": day, **facts}
    return await client.post(f"{URL}/{body['id']}/members", json=seat, headers=EVERYWHERE)


async def seat(client: httpx.AsyncClient, body: dict[str, Any], group: str, **facts: Any) -> dict[str, Any]:
    answer = await ask_to_seat(client, body, group, **facts)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def compose(client: httpx.AsyncClient, platform: dict[str, Any], employment: int, benefit: int) -> None:
    """Seat so many of the two councils, and one of the commune's team."""
    team = await found(client, TEAM)
    for group, number in ((EMPLOYMENT, employment), (BENEFIT, benefit)):
        for _ in range(number):
            await seat(client, platform, group)
    await seat(client, platform, TEAM, delegating_body_id=team["id"])


async def composition(client: httpx.AsyncClient, body: dict[str, Any], query: str = "") -> dict[str, Any]:
    answer = await client.get(f"{URL}/{body['id']}/composition{query}")
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def plan(client: httpx.AsyncClient, body: dict[str, Any], **facts: Any) -> list[dict[str, Any]]:
    asked = {"first_on": "2024-03-31", "topic": "Ocena współpracy", **facts}
    answer = await client.post(f"{URL}/{body['id']}/meetings", json=asked)
    assert answer.status_code == 201, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def tell(client: httpx.AsyncClient, body: dict[str, Any], **facts: Any) -> httpx.Response:
    asked = {"title": "Stan", "issued_on": "2024-05-01", "recipients": ["county_board"], "guidance": "Uwagi.", **facts}
    return await client.post(f"{URL}/{body['id']}/communiques", json=asked)


async def ask_to_record(
    client: httpx.AsyncClient, body: dict[str, Any], step: str, day: str = "2024-06-01", **facts: Any
) -> httpx.Response:
    """Record a step with the version of the run as it is now."""
    steps = f"{URL}/{body['id']}/steps"
    run = (await client.get(steps)).json()
    asked = {"step": step, "done_on": day, **facts}
    return await client.post(steps, json=asked, headers=EVERYWHERE | tag_of(run))


async def record(client: httpx.AsyncClient, body: dict[str, Any], *steps: str) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for step in steps:
        answer = await ask_to_record(client, body, step)
        assert answer.status_code == 200, answer.text
        shown = answer.json()
    return shown


async def add_network(client: httpx.AsyncClient, state: str) -> None:
    """The county's open network with one member in that state."""
    host = await add_institution(client)
    made = await client.post(
        "/v1/registry/networks", json={"county_terc": "2469", "name": "Sieć", "founded_on": "2024-01-01"}
    )
    await change(
        client,
        "INSERT INTO network_memberships (network_id, institution_id, role, state, state_since, proposed_by)"
        " VALUES (:network, :institution, 'supporting', :state, '2024-01-02', 'somebody')",
        network=made.json()["id"],
        institution=host["id"],
        state=state,
    )
    await decide(client, state)


async def decide(client: httpx.AsyncClient, state: str, day: str = "2024-01-02") -> None:
    """The next decision about the only membership there is."""
    rule = {"direction": "inclusion", "code": f"W-{state}", "name": "Zasada", "valid_from": "2024-01-01"}
    network = (await client.get("/v1/registry/networks")).json()["items"][0]["id"]
    made = (await client.post(f"/v1/registry/networks/{network}/rules", json=rule)).json()
    await change(
        client,
        "INSERT INTO network_decisions (membership_id, number, to_state, role, rule_id, decided_by, decided_on)"
        " SELECT id, (SELECT count(*) + 1 FROM network_decisions), :state, role,"
        " CASE :state WHEN 'proposed' THEN NULL ELSE CAST(:rule AS uuid) END, 'somebody', CAST(:day AS date)"
        " FROM network_memberships",
        state=state,
        rule=made["id"],
        day=date.fromisoformat(day),
    )


async def send_letter(client: httpx.AsyncClient, signed_on: str = "2024-01-05") -> dict[str, Any]:
    """A letter of intent of the county board to the chairs of both councils."""
    letter = {"kind": "letter_of_intent", "title": "List", "county_terc": "2469", "valid_from": signed_on}
    made: dict[str, Any] = (await client.post("/v1/registry/agreements", json=letter)).json()
    path = f"/v1/registry/agreements/{made['id']}"
    for party, role in {"Zarząd powiatu": "author", "Rada zatrudnienia": "addressee"}.items():
        facts = {"party_name": party, "party_kind": "authority", "role": role}
        assert (await client.post(f"{path}/signatories", json=facts)).status_code == 201
    text = {"document_reference": "OR.1", "document_sha256": "a" * 64, "valid_from": signed_on}
    assert (await client.post(f"{path}/versions", json=text)).status_code == 201
    seen = {"if-match": (await client.get(path)).headers["etag"]}
    answer = await client.post(f"{path}/sign", json={"signed_on": signed_on}, headers=seen)
    assert answer.status_code == 200, answer.text
    return made


async def meet_first(client: httpx.AsyncClient, body: dict[str, Any], day: str = "2024-01-10") -> dict[str, Any]:
    """The first joint meeting, called by the county's head, planned and held."""
    path, asked = f"{URL}/{body['id']}/meetings", {"first_on": day, "topic": "Kierunki", "kind": "first"}
    [meeting] = (await client.post(path, json=asked, headers=EVERYWHERE)).json()["items"]
    held = await client.post(
        f"{path}/{meeting['id']}/hold", json={"held_on": day}, headers=EVERYWHERE | tag_of(meeting)
    )
    assert held.status_code == 200, held.text
    made: dict[str, Any] = held.json()
    return made


async def begin(client: httpx.AsyncClient, platform: dict[str, Any]) -> None:
    """What the first steps of a platform stand for."""
    if platform["county_terc"]:
        await send_letter(client)
    await meet_first(client, platform)
