"""Programmes, authorities, people and groups, as tests of enrolments need them."""

import itertools
import uuid
from typing import Any

import httpx

from tests.support.records import change

Made = dict[str, Any]
URL = "/v1/training"
SITE = str(uuid.UUID(int=0x5175))
DAYS: Made = {"starts_on": "2026-01-12", "ends_on": "2026-06-26"}
_NUMBERS = itertools.count(1)
_RULES: dict[str, Made] = {
    "social_employment": {"trainees_per_location": 2},
    "authority_team": {"smallest_team": 3, "largest_team": 4},
}
_PROGRAMME = """
INSERT INTO programmes (id, code, title_pl, title_en, client, contractor, enrolment_rule, trainees_per_location,
                        smallest_team, largest_team, starts_on, ends_on)
VALUES (:id, :code, 'Program', 'Programme', 'Zamawiający', 'Wykonawca', :rule, :trainees_per_location,
        :smallest_team, :largest_team, '2022-01-01', '2030-12-31')
"""
_VERSION = """
INSERT INTO programme_versions (programme_id, number, state, group_capacity, attendance_percent, client_agreed_at,
                                contractor_agreed_at)
VALUES (:id, 1, :state, :capacity, 80, now(), now())
"""
_AUTHORITY = """
INSERT INTO authorities (id, programme_id, county_terc, terc, kind, name, is_running_body, is_at_risk, risk_source,
                         state, recruited_on)
VALUES (:id, :programme_id, :county, :terc, 'commune', :name, true, :risk_source IS NOT NULL,
        CAST(:risk_source AS text), 'recruited', '2025-01-01')
"""


async def add_programme(client: httpx.AsyncClient, rule: str = "open", **facts: Any) -> Made:
    """A programme of that rule with an agreed version; `capacity` of its groups, 10 when not given."""
    number = next(_NUMBERS)
    made = {"id": uuid.uuid4(), "code": f"P{number}", "rule": rule}
    numbers = dict.fromkeys(("trainees_per_location", "smallest_team", "largest_team")) | _RULES.get(rule, {})
    await change(client, _PROGRAMME, **made, **numbers)
    given = {"capacity": facts.get("capacity", 10), "state": facts.get("state", "agreed")}
    await change(client, _VERSION, id=made["id"], **given)
    return {name: str(value) for name, value in made.items()}


async def add_authority(client: httpx.AsyncClient, programme: Made, number: int = 1, **facts: Any) -> str:
    """An authority that was recruited for a programme; at risk where it has a `risk_source`."""
    authority_id = uuid.uuid4()
    county = facts.get("county", "2469")
    values = {"id": authority_id, "programme_id": uuid.UUID(programme["id"]), "county": county}
    terc = f"{county}{number:03}"
    name, source = f"Gmina {number}", facts.get("risk_source")
    await change(client, _AUTHORITY.replace(":risk_source IS", "CAST(:risk_source AS text) IS"), **values, terc=terc,
                 name=name, risk_source=source)  # fmt: skip
    return str(authority_id)


async def post(
    client: httpx.AsyncClient, path: str, body: Made | None = None, tag: Made | None = None, **more: Any
) -> Made:
    """What was made of a request that succeeds."""
    answer = await send(client, path, body, tag, **more)
    assert answer.is_success, answer.text
    made: Made = answer.json()
    return made


async def send(
    client: httpx.AsyncClient,
    path: str,
    body: Made | None = None,
    tag: Made | None = None,
    method: str = "POST",
    **more: Any,
) -> httpx.Response:
    """The answer to a request, with the ETag of what it is about."""
    headers = dict(more.get("headers") or {})
    if tag is not None:
        headers["if-match"] = f'"{tag["id"]}:{tag["version"]}"'
    return await client.request(method, f"{URL}{path}", json=body, headers=headers)


async def add_trainee(client: httpx.AsyncClient, **facts: Any) -> Made:
    """Somebody who is to be trained."""
    number = next(_NUMBERS)
    body = {
        "county_terc": "2469",
        "given_name": "Jan",
        "family_name": f"Testowy-{number}",
        "sex": "male",
        "organisation_type": "cis",
        "organisation_name": "Centrum",
        "relation": "employee",
    }
    return await post(client, "/trainees", {**body, **facts})


async def add_trainer(client: httpx.AsyncClient, **facts: Any) -> Made:
    """Somebody who trains."""
    return await post(client, "/trainers", {"given_name": "Anna", "family_name": "Testowa", **facts})


async def add_group(client: httpx.AsyncClient, programme: Made, state: str = "open", **facts: Any) -> Made:
    """A group of a programme, planned or opened, with a trainer."""
    trainer = await add_trainer(client)
    body = {"programme_code": programme["code"], "county_terc": "2469", "title": "Grupa"}
    body |= {"code": f"G{next(_NUMBERS)}", "trainer_ids": [trainer["id"]], **DAYS, **facts}
    group = await post(client, "/groups", body)
    return group if state == "planned" else await move(client, group, "open")


async def move(client: httpx.AsyncClient, group: Made, verb: str, body: Made | None = None) -> Made:
    """A group after a step that it can take."""
    return await post(client, f"/groups/{group['id']}/{verb}", body, group)


async def enrol(client: httpx.AsyncClient, group: Made, trainee: Made) -> Made:
    """An enrolment that is accepted, waits or is an application."""
    return await post(client, f"/groups/{group['id']}/enrolments", {"trainee_id": trainee["id"]})


async def try_to_enrol(client: httpx.AsyncClient, group: Made, trainee: Made) -> httpx.Response:
    """The answer to an enrolment that may be refused."""
    return await send(client, f"/groups/{group['id']}/enrolments", {"trainee_id": trainee["id"]})


async def leave(client: httpx.AsyncClient, enrolment: Made, **body: Any) -> httpx.Response:
    """The answer to a withdrawal."""
    return await send(client, f"/enrolments/{enrolment['id']}/withdraw", body, enrolment)


async def fill(client: httpx.AsyncClient, group: Made, number: int) -> list[Made]:
    """So many people enrolled one after the other."""
    return [await enrol(client, group, await add_trainee(client)) for _ in range(number)]


async def states(client: httpx.AsyncClient, group: Made) -> list[str]:
    """The states of a group's enrolments in the order in which they came."""
    answer = await client.get(f"{URL}/groups/{group['id']}/enrolments?sort=sequence&limit=200")
    assert answer.status_code == 200, answer.text
    return [item["state"] for item in answer.json()["items"]]


async def seats(client: httpx.AsyncClient, group: Made) -> tuple[int, int]:
    """How many seats are taken, and how many people wait."""
    found = (await client.get(f"{URL}/groups/{group['id']}")).json()
    return found["seats_taken"], found["waiting"]
