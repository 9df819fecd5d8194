"""What sessions are about, put into the tables: a programme with its version, groups, trainers, rooms, trainees."""

import uuid
from typing import Any

import httpx

from tests.support.records import change

SESSIONS = "/v1/training/sessions"
TRAINER = "trainer"
"""The account of the trainer of every group."""
ON = "2026-09-15"
_PROGRAMME = """
INSERT INTO programmes (id, code, title_pl, title_en, client, contractor, enrolment_rule, starts_on, ends_on)
VALUES (:programme, :code, 'Szkolenie', 'Training', 'Klient', 'Wykonawca', 'open', '2022-01-01', '2099-12-31')
"""
_VERSION = """
INSERT INTO programme_versions (id, programme_id, number, state, group_capacity, attendance_percent,
    client_agreed_at, client_agreed_by, contractor_agreed_at, contractor_agreed_by)
VALUES (:version, :programme, 1, 'agreed', 10, 80, now(), 'client', now(), 'contractor')
"""
_MODULE = """
INSERT INTO programme_modules (id, version_id, number, title_pl, title_en, goal_pl, goal_en, form, minutes,
    is_test_specific)
VALUES (:module, :version, 1, 'Moduł', 'Module', 'Cel', 'Goal', 'workshop', 900, false)
"""
_GROUP = """
INSERT INTO groups (id, county_terc, programme_version_id, code, title, capacity, state, starts_on, ends_on)
VALUES (:id, :county, :version, :code, 'Grupa', 10, 'running', '2026-09-01', '2099-12-31')
"""
_TRAINER = """
INSERT INTO trainers (id, kind, given_name, family_name, competences, account)
VALUES (:id, 'trainer', 'Anna', 'Zmyślona', '{}', :account)
"""
_ROOM = """
INSERT INTO rooms (id, county_terc, name, address, seats, is_step_free)
VALUES (:id, '2469', 'Sala', 'ul. Zmyślona 1', :seats, true)
"""
_TRAINEE = """
INSERT INTO trainees (id, county_terc, given_name, family_name, sex, organisation_type, organisation_name, relation,
    account)
VALUES (:id, :county, 'Jan', 'Wymyślony', 'male', 'cis', 'CIS', 'employee', :account)
"""
_ENROLMENT = """
INSERT INTO enrolments (id, county_terc, group_id, trainee_id, state, accepted_at)
VALUES (:id, :county, :group, :trainee, 'attending', now())
"""
_RELATION = """
INSERT INTO relations (holder, kind, object_id, county_terc) VALUES ('account:' || :account, :kind, :object, :county)
ON CONFLICT DO NOTHING
"""
Ids = dict[str, str]


async def put(client: httpx.AsyncClient, statement: str, **values: Any) -> str:
    """A row with a new id."""
    new = uuid.uuid4()
    ids = {
        name: uuid.UUID(value) if isinstance(value, str) and value.count("-") == 4 else value
        for name, value in values.items()
    }
    await change(client, statement, **({"id": new} if ":id" in statement else {}), **ids)
    return str(new)


async def a_programme(client: httpx.AsyncClient) -> Ids:
    """A programme whose agreed version has one module of 900 minutes."""
    ids = {name: str(uuid.uuid4()) for name in ("programme", "version", "module")}
    await put(client, _PROGRAMME, code=ids["programme"][:8], programme=ids["programme"])
    await put(client, _VERSION, programme=ids["programme"], version=ids["version"])
    await put(client, _MODULE, version=ids["version"], module=ids["module"])
    return ids


async def a_trainer(client: httpx.AsyncClient, account: str | None = None) -> str:
    """A trainer."""
    return await put(client, _TRAINER, account=account)


async def a_group(
    client: httpx.AsyncClient, ids: Ids, trainer: str, county: str = "2469", account: str | None = TRAINER
) -> str:
    """A running group from September 2026 on, which somebody trains."""
    group = await put(client, _GROUP, county=county, version=ids["version"], code=uuid.uuid4().hex[:8])
    await train(client, group, trainer)
    if account:
        await put(client, _RELATION, account=account, kind="trainer", object=group, county=county)
    return group


async def train(client: httpx.AsyncClient, group: str, trainer: str) -> None:
    """Let a trainer be of a group."""
    await put(
        client,
        "INSERT INTO group_trainers (group_id, trainer_id) VALUES (:group, :trainer)",
        group=group,
        trainer=trainer,
    )


async def a_room(client: httpx.AsyncClient, seats: int = 12) -> str:
    """A room."""
    return await put(client, _ROOM, seats=seats)


async def a_trainee(client: httpx.AsyncClient, group: str, county: str = "2469", account: str | None = None) -> str:
    """Somebody with a seat in a group."""
    trainee = await put(client, _TRAINEE, county=county, account=account)
    await take_seat(client, group, trainee, county)
    if account:
        await put(client, _RELATION, account=account, kind="trainee", object=trainee, county=county)
    return trainee


async def take_seat(client: httpx.AsyncClient, group: str, trainee: str, county: str = "2469") -> None:
    """Let a trainee have a seat in a group."""
    await put(client, _ENROLMENT, county=county, group=group, trainee=trainee)


async def a_course(client: httpx.AsyncClient, county: str = "2469", account: str | None = TRAINER) -> Ids:
    """A programme, its trainer with an account, and a group that the account may see."""
    ids = await a_programme(client)
    ids["trainer"] = await a_trainer(client, TRAINER)
    ids["group"] = await a_group(client, ids, ids["trainer"], county, account)
    return ids


def of_group(ids: Ids, day: str = ON, hour: int = 9, **facts: Any) -> dict[str, Any]:
    """A session of three hours of a group, two of them training."""
    return {
        "group_id": ids["group"],
        "module_id": ids["module"],
        "title": "Zajęcia",
        "starts_at": f"{day}T{hour:02}:00:00+02:00",
        "ends_at": f"{day}T{hour + 3:02}:00:00+02:00",
        "minutes": 120,
        "mode": "on_site",
        "trainer_ids": [ids["trainer"]],
        **facts,
    }


def meeting(ids: Ids, day: str = ON, **facts: Any) -> dict[str, Any]:
    """A meeting of coordinators of county 2469."""
    return {
        "programme_id": ids["programme"],
        "county_terc": "2469",
        "audience_role": "early_screening_coordinator",
        "title": "Spotkanie",
        "starts_at": f"{day}T09:00:00+02:00",
        "ends_at": f"{day}T12:00:00+02:00",
        "minutes": 180,
        "mode": "online",
        **facts,
    }


async def planned(client: httpx.AsyncClient, body: dict[str, Any]) -> dict[str, Any]:
    """A session that was planned."""
    answer = await client.post(SESSIONS, json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def tag(made: dict[str, Any]) -> dict[str, str]:
    """The header that says which version was read."""
    return {"if-match": f'"{made["id"]}:{made["version"]}"'}


async def did(client: httpx.AsyncClient, made: dict[str, Any], verb: str, **asked: Any) -> httpx.Response:
    """The answer to a transition of a session as it was read."""
    headers = tag(made) | asked.pop("headers", {})
    return await client.post(f"{SESSIONS}/{made['id']}/{verb}", headers=headers, **asked)


async def refused(client: httpx.AsyncClient, body: dict[str, Any]) -> list[tuple[str, str]]:
    """Why a session cannot be planned: pointers and codes."""
    answer = await client.post(SESSIONS, json=body)
    assert answer.status_code == 422, answer.text
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]
