"""What the stories of bodies are told with: founding, seats, steps, through the API."""

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
