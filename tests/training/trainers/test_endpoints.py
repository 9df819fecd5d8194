"""Trainers, experts and when they are free, through the API."""

import httpx

from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import change, fetch
from tests.training.groups.made import URL, Made, add_group, add_programme, add_trainer, move, post, send

MORNING = "starts_at=2026-03-02T08:00:00Z&ends_at=2026-03-02T12:00:00Z"


async def conflicts(client: httpx.AsyncClient, trainer: Made, span: str = MORNING) -> list[str]:
    """What keeps a trainer from a session then."""
    answer = await client.get(f"{URL}/trainers/{trainer['id']}/conflicts?{span}")
    assert answer.status_code == 200, answer.text
    return [item["reason"] for item in answer.json()["items"]]


async def test_trainers_are_found_by_competence_and_day(training: httpx.AsyncClient) -> None:
    first = await add_trainer(training, competences=["evaluation"])
    second = await add_trainer(training, competences=["law", "evaluation"])
    await send(training, f"/trainers/{first['id']}", {"left_on": "2026-03-31"}, first, "PATCH")
    found = (await training.get(f"{URL}/trainers?competence=law&competence=budgets")).json()["items"]
    assert [item["id"] for item in found] == [second["id"]]
    for day, number in (("2026-03-31", 2), ("2026-04-01", 1)):
        listed = (await training.get(f"{URL}/trainers?competence=evaluation&as_of={day}")).json()["items"]
        assert len(listed) == number
    body = {"given_name": "A", "family_name": "B", "competences": ["x", "x"]}
    twice = await training.post(f"{URL}/trainers", json=body)
    assert assert_problem(twice, 422, "validation-failed")["errors"][0]["code"] == "repeated"


async def test_an_account_is_of_one_trainer(training: httpx.AsyncClient) -> None:
    await add_trainer(training, account="anna")
    body = {"given_name": "B", "family_name": "C", "account": "anna"}
    assert_problem(await training.post(f"{URL}/trainers", json=body), 409, "trainer-account-taken")


async def test_experts_are_apart_and_no_trainer_is_one(training: httpx.AsyncClient) -> None:
    trainer = await add_trainer(training)
    experts = [await post(training, "/experts", {"given_name": "E", "family_name": f"F{n}"}) for n in range(6)]
    found = (await training.get(f"{URL}/experts")).json()["items"]
    assert {item["id"] for item in found} == {expert["id"] for expert in experts}
    assert {item["kind"] for item in found} == {"external_expert"}
    assert_problem(await training.get(f"{URL}/experts/{trainer['id']}"), 404, "trainer-not-found")
    amended = await send(training, f"/experts/{experts[0]['id']}", {"competences": ["law"]}, experts[0], "PATCH")
    assert amended.json()["competences"] == ["law"]


async def test_a_trainer_is_free_in_stated_times_and_not_when_away(training: httpx.AsyncClient) -> None:
    trainer = await add_trainer(training)
    path = f"/trainers/{trainer['id']}/availabilities"
    assert await conflicts(training, trainer) == []
    away = {"starts_at": "2026-03-02T11:00:00Z", "ends_at": "2026-03-02T18:00:00Z", "is_available": False}
    made = await post(training, path, away)
    assert await conflicts(training, trainer) == ["not_available"]
    assert (await send(training, f"{path}/{made['id']}", None, made, "DELETE")).status_code == 204
    assert_problem(await training.get(f"{URL}{path}/{made['id']}"), 404, "availability-not-found")
    for hours in (("08", "10"), ("10", "12")):
        times = [f"2026-03-02T{hour}:00:00Z" for hour in hours]
        await post(training, path, dict(zip(("starts_at", "ends_at"), times, strict=True)))
    assert await conflicts(training, trainer) == []
    assert await conflicts(training, trainer, MORNING.replace("T12", "T13")) == ["not_available"]
    listed = (await training.get(f"{URL}{path}")).json()["items"]
    assert [item["starts_at"][11:13] for item in listed] == ["08", "10"]
    turned = await training.post(f"{URL}{path}", json={**away, "ends_at": "2026-03-02T11:00:00Z"})
    assert assert_problem(turned, 422, "validation-failed")["errors"][0]["code"] == "wrong_order"


SESSION = """
WITH made AS (
    INSERT INTO sessions (programme_id, group_id, county_terc, title, starts_at, ends_at, minutes, mode, room_id)
    VALUES (CAST(:programme AS uuid), CAST(:group AS uuid), '2469', 'Zajęcia', '2026-03-02T11:00:00Z',
            '2026-03-02T13:00:00Z', 60, 'on_site', CAST(:room AS uuid))
    RETURNING id
)
INSERT INTO session_trainers (session_id, trainer_id) SELECT id, CAST(:trainer AS uuid) FROM made
"""


async def test_a_trainer_and_a_room_are_in_one_session_at_a_time(training: httpx.AsyncClient) -> None:
    trainer, programme = await add_trainer(training), await add_programme(training)
    group = await add_group(training, programme)
    body = {"county_terc": "2469", "name": "Sala", "address": "Katowice", "seats": 10, "is_step_free": True}
    room = await post(training, "/rooms", body)
    ids = {"programme": programme["id"], "group": group["id"], "room": room["id"], "trainer": trainer["id"]}
    await change(training, SESSION, **ids)
    in_room = f"{URL}/rooms/{room['id']}/conflicts?{MORNING}"
    assert await conflicts(training, trainer) == ["trains_elsewhere"]
    assert (await training.get(f"{in_room}&people=11")).json()["items"] == ["taken", "too_small"]
    assert await conflicts(training, trainer, MORNING.replace("T12", "T11")) == []
    assert (await training.get(f"{in_room.replace('T12', 'T11')}&people=10")).json()["items"] == []
    group = (await training.get(f"{URL}/groups/{group['id']}")).json()
    await move(training, group, "cancel", {"reason": "brak chętnych"})
    assert await conflicts(training, trainer) == []


async def test_who_has_left_trains_no_more_and_sees_own_groups_to_the_end_of_the_last_day(
    training: httpx.AsyncClient,
) -> None:
    trainer = await add_trainer(training, account="anna")
    await add_group(training, await add_programme(training), trainer_ids=[trainer["id"]])
    ends = "SELECT ends_at::text AS ends_at FROM relations WHERE holder = 'account:anna' AND kind = 'trainer'"
    assert [row.ends_at for row in await fetch(training, ends)] == [None]
    answer = await send(training, f"/trainers/{trainer['id']}", {"left_on": "2026-03-01"}, trainer, "PATCH")
    assert await conflicts(training, trainer) == ["left"]
    instant = "SELECT ends_at = '2026-03-02 00:00 Europe/Warsaw' AS is_midnight FROM relations WHERE kind = 'trainer'"
    assert [row.is_midnight for row in await fetch(training, instant)] == [True]
    late = {"programme_code": (await add_programme(training))["code"], "county_terc": "2469", "code": "X", "title": "X"}
    late |= {"starts_on": "2026-03-02", "ends_on": "2026-04-01", "trainer_ids": [trainer["id"]]}
    assert answer.status_code == 200
    refused = await training.post(f"{URL}/groups", json=late)
    assert assert_problem(refused, 422, "validation-failed")["errors"][0]["pointer"] == "/trainer_ids/0"


async def test_an_account_that_becomes_a_trainers_sees_the_groups_and_the_one_before_none(
    training: httpx.AsyncClient,
) -> None:
    trainer = await add_trainer(training, account="anna")
    group = await add_group(training, await add_programme(training), trainer_ids=[trainer["id"]])
    path = f"/trainers/{trainer['id']}/account"
    joined = await send(training, path, {"account": "ewa"}, trainer, "PUT")
    assert joined.json()["account"] == "ewa"
    kept = "SELECT holder FROM relations WHERE kind = 'trainer' AND object_id = CAST(:id AS uuid)"
    assert [row.holder for row in await fetch(training, kept, id=group["id"])] == ["account:ewa"]
    assert (await send(training, path, {"account": None}, joined.json(), "PUT")).json()["account"] is None
    assert await fetch(training, kept, id=group["id"]) == []


async def test_trainers_are_for_staff_and_not_for_everybody(training: httpx.AsyncClient) -> None:
    assert (await training.get(f"{URL}/trainers", headers=call_as("programme_manager"))).status_code == 200
    assert (await training.get(f"{URL}/trainers", headers=call_as("trainee"))).status_code == 403
