"""What a session needs is there for it alone: trainers of its group, a room that is large enough, its people."""

import httpx

from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import change
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
    refused,
    take_seat,
)


async def test_only_trainers_of_the_group_who_are_still_there_train_it(training: httpx.AsyncClient) -> None:
    ids = await a_course(training)
    stranger = await a_trainer(training)
    asked = of_group(ids, trainer_ids=[ids["trainer"], stranger])
    assert await refused(training, asked) == [("/trainer_ids/1", "outside_group")]
    await change(training, "UPDATE trainers SET left_on = '2026-09-14'")
    answer = await training.post(SESSIONS, json=of_group(ids))
    [conflict] = assert_problem(answer, 409, "session-conflict")["conflicts"]
    assert conflict == {"kind": "trainer", "id": ids["trainer"], "reason": "left", "session_id": None}
    assert (await planned(training, of_group(ids, "2026-09-14")))["state"] == "planned"


async def test_a_trainer_who_is_away_gives_no_session(training: httpx.AsyncClient) -> None:
    ids = await a_course(training)
    away = {"starts_at": "2026-09-15T11:59:00+02:00", "ends_at": "2026-09-16T09:00:00+02:00", "is_available": False}
    path = f"/v1/training/trainers/{ids['trainer']}/availabilities"
    assert (await training.post(path, json=away)).status_code == 201
    answer = await training.post(SESSIONS, json=of_group(ids))
    [conflict] = assert_problem(answer, 409, "session-conflict")["conflicts"]
    assert (conflict["reason"], conflict["session_id"]) == ("not_available", None)
    assert (await planned(training, of_group(ids, "2026-09-16")))["id"]


async def test_a_room_has_a_seat_for_everybody_of_the_group(training: httpx.AsyncClient) -> None:
    ids = await a_course(training)
    small = of_group(ids, room_id=await a_room(training, 9))
    assert await refused(training, small) == [("/room_id", "too_few_seats")]
    assert (await planned(training, of_group(ids, room_id=await a_room(training, 10))))["mode"] == "on_site"


async def test_trainer_room_group_and_people_are_in_one_session_at_a_time(training: httpx.AsyncClient) -> None:
    ids, room = await a_course(training), await a_room(training)
    shared = await a_trainee(training, ids["group"])
    first = await planned(training, of_group(ids, room_id=room))
    again = await training.post(SESSIONS, json=of_group(ids, hour=11, room_id=room))
    named = assert_problem(again, 409, "session-conflict")["conflicts"]
    assert named == [
        {"kind": kind, "id": id_, "reason": reason, "session_id": first["id"]}
        for kind, id_, reason in (
            ("trainer", ids["trainer"], "trains_elsewhere"),
            ("group", ids["group"], "attends_elsewhere"),
            ("room", room, "taken"),
        )
    ]
    other = await a_trainer(training)
    theirs = ids | {"trainer": other, "group": await a_group(training, ids, other, account=None)}
    await take_seat(training, theirs["group"], shared)
    answer = await training.post(SESSIONS, json=of_group(theirs, hour=11))
    [conflict] = assert_problem(answer, 409, "session-conflict")["conflicts"]
    expected = {"kind": "trainee", "id": shared, "reason": "attends_elsewhere", "session_id": first["id"]}
    assert conflict == expected
    # What ends when the next begins does not overlap it, and what is cancelled takes nobody's time.
    assert (await planned(training, of_group(theirs, hour=12)))["id"]
    await did(training, first, "cancel", json={"reason": "awaria"})
    assert (await planned(training, of_group(theirs, hour=9)))["id"]


async def test_people_of_other_counties_are_in_one_place_as_well(training: httpx.AsyncClient) -> None:
    """The manager of county 2469 sees no enrolment of county 2401, and still cannot plan over it."""
    ids = await a_course(training)
    guest = await a_trainee(training, ids["group"], county="2401")
    other = await a_trainer(training)
    theirs = ids | {"trainer": other, "group": await a_group(training, ids, other, "2401", None)}
    await take_seat(training, theirs["group"], guest, "2401")
    elsewhere = call_as("training_manager", subject="theirs", counties=["2401"])
    assert (await training.post(SESSIONS, json=of_group(theirs), headers=elsewhere)).status_code == 201
    answer = await training.post(SESSIONS, json=of_group(ids))
    assert [each["id"] for each in assert_problem(answer, 409, "session-conflict")["conflicts"]] == [guest]
