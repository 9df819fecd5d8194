"""Many at once: one room, one trainer and one person are in one session at a time."""

import asyncio

import httpx

from tests.training.sessions.made import (
    SESSIONS,
    a_course,
    a_group,
    a_room,
    a_trainee,
    a_trainer,
    did,
    of_group,
    planned,
    take_seat,
)


async def test_of_eight_who_plan_one_room_and_one_trainer_at_once_one_succeeds(
    racing_training: httpx.AsyncClient,
) -> None:
    ids, room = await a_course(racing_training), await a_room(racing_training)
    groups = [await a_group(racing_training, ids, ids["trainer"], account=None) for _ in range(8)]
    bodies = [of_group(ids | {"group": group}, room_id=room) for group in groups]
    answers = await asyncio.gather(*[racing_training.post(SESSIONS, json=body) for body in bodies])
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7


async def test_of_eight_groups_that_share_a_person_one_meets_at_that_time(racing_training: httpx.AsyncClient) -> None:
    ids = await a_course(racing_training)
    shared = await a_trainee(racing_training, ids["group"])
    bodies = [of_group(ids)]
    for _ in range(7):
        other = await a_trainer(racing_training)
        group = await a_group(racing_training, ids, other, account=None)
        await take_seat(racing_training, group, shared)
        bodies.append(of_group(ids | {"group": group, "trainer": other}))
    answers = await asyncio.gather(*[racing_training.post(SESSIONS, json=body) for body in bodies])
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7


async def test_of_eight_who_cancel_at_once_one_succeeds(racing_training: httpx.AsyncClient) -> None:
    made = await planned(racing_training, of_group(await a_course(racing_training)))
    asked = [did(racing_training, made, "cancel", json={"reason": "awaria"}) for _ in range(8)]
    answers = await asyncio.gather(*asked)
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7
