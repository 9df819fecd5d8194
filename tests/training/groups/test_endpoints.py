"""Groups and their life, through the API."""

from typing import Any

import httpx
import pytest

from tests.support.problems import assert_problem
from tests.support.records import change, fetch
from tests.training.groups.made import (
    DAYS,
    URL,
    Made,
    add_group,
    add_programme,
    add_trainee,
    add_trainer,
    enrol,
    fill,
    leave,
    move,
    seats,
    send,
    states,
)


async def refused(client: httpx.AsyncClient, programme: Made, **facts: Any) -> httpx.Response:
    """The answer to a group that cannot be planned."""
    body = {"programme_code": programme["code"], "county_terc": "2469", "code": "G", "title": "G", **DAYS}
    return await client.post(f"{URL}/groups", json={**body, **facts})


async def test_a_group_follows_what_the_programme_agreed(training: httpx.AsyncClient) -> None:
    programme, draft = await add_programme(training, capacity=10), await add_programme(training, state="draft")
    group = await add_group(training, programme, state="planned")
    assert (group["capacity"], group["programme_code"], group["state"]) == (10, programme["code"], "planned")
    assert_problem(await refused(training, draft), 409, "programme-not-agreed")
    assert_problem(await refused(training, {"code": "NONE"}), 422, "unknown-reference")
    assert_problem(await refused(training, programme, code=group["code"]), 409, "group-code-taken")


@pytest.mark.parametrize(
    ("facts", "pointer", "code"),
    [
        ({"capacity": 11}, "/capacity", "too_large"),
        ({"ends_on": "2026-01-11"}, "/ends_on", "wrong_order"),
        ({"starts_on": "2021-12-31"}, "/starts_on", "outside_dates"),
        ({"ends_on": "2031-01-01"}, "/ends_on", "outside_dates"),
    ],
)
async def test_a_group_that_contradicts_its_programme_is_refused(
    training: httpx.AsyncClient, facts: Made, pointer: str, code: str
) -> None:
    answer = await refused(training, await add_programme(training, capacity=10), **facts)
    [error] = assert_problem(answer, 422, "validation-failed")["errors"]
    assert (error["pointer"], error["code"]) == (pointer, code)


async def test_a_group_starts_when_nothing_is_missing_and_then_nobody_waits(training: httpx.AsyncClient) -> None:
    days = {"starts_on": "2029-01-08", "ends_on": "2029-06-29"}
    group = await add_group(training, await add_programme(training), capacity=1, **days)
    path = f"/groups/{group['id']}"
    patched = await send(training, path, {"trainer_ids": []}, group, "PATCH")
    group = patched.json()
    early = assert_problem(await send(training, f"{path}/start", None, group), 409, "group-not-ready")
    assert early["missing"] == ["first_day", "trainers", "accepted_trainees"]
    trainer = await add_trainer(training)
    earlier = {"trainer_ids": [trainer["id"]], "starts_on": "2022-01-10"}
    group = (await send(training, path, earlier, group, "PATCH")).json()
    await fill(training, group, 2)
    running = await move(training, group, "start")
    assert (running["state"], running["seats_taken"], running["waiting"]) == ("running", 1, 0)
    assert await states(training, group) == ["attending", "rejected"]
    reasons = await fetch(training, "SELECT reason FROM enrolments WHERE state = 'rejected'")
    assert [row.reason for row in reasons] == ["no_seat_left"]
    again = assert_problem(await send(training, f"{path}/open", None, running), 409, "state-conflict")
    assert again["allowed"] == ["complete", "cancel"]
    moved = await send(training, path, {"starts_on": "2026-01-01"}, running, "PATCH")
    assert assert_problem(moved, 422, "validation-failed")["errors"][0]["code"] == "not_allowed"


PLANNED = """
INSERT INTO sessions (programme_id, group_id, county_terc, title, starts_at, ends_at, minutes, mode)
VALUES (CAST(:programme AS uuid), CAST(:group AS uuid), '2469', 'Zajęcia', now(), now() + interval '1 hour', 60,
        'online')
"""


async def test_a_group_is_completed_when_its_sessions_are_over(training: httpx.AsyncClient) -> None:
    programme = await add_programme(training)
    group = await add_group(training, programme, starts_on="2022-01-10")
    first, second = await fill(training, group, 2)
    running = await move(training, group, "start")
    await leave(training, second | {"version": 2}, reason="illness")
    await change(training, PLANNED, programme=programme["id"], group=group["id"])
    completing = await send(training, f"/groups/{group['id']}/complete", None, running)
    early = assert_problem(completing, 409, "group-not-ready")
    assert (early["missing"], early["planned_sessions"]) == (["sessions_held"], 1)
    await change(training, "UPDATE sessions SET state = 'held'")
    done = await move(training, running, "complete")
    assert (done["state"], done["seats_taken"]) == ("completed", 1)
    assert await states(training, group) == ["completed", "withdrawn"]
    late = assert_problem(await leave(training, first | {"version": 3}), 409, "state-conflict")
    assert (late["state"], late["allowed"]) == ("completed", [])


async def test_who_was_in_a_cancelled_group_has_left_it_and_its_sessions_are_off(
    training: httpx.AsyncClient,
) -> None:
    programme = await add_programme(training)
    group = await add_group(training, programme, capacity=1)
    await change(training, PLANNED, programme=programme["id"], group=group["id"])
    trainee = await add_trainee(training, account="jan")
    await enrol(training, group, trainee)
    await fill(training, group, 1)
    held = "SELECT object_id FROM relations WHERE holder = 'account:jan' AND kind = 'participant'"
    assert [str(row.object_id) for row in await fetch(training, held)] == [group["id"]]
    cancelled = await move(training, group, "cancel", {"reason": "zbyt mało zgłoszeń"})
    assert (cancelled["state"], cancelled["reason"]) == ("cancelled", "zbyt mało zgłoszeń")
    assert await states(training, group) == ["withdrawn", "withdrawn"]
    assert await fetch(training, held) == []
    off = await fetch(training, "SELECT state, reason FROM sessions")
    assert [tuple(row) for row in off] == [("cancelled", "zbyt mało zgłoszeń")]


async def test_a_larger_group_takes_exactly_as_many_and_a_smaller_one_nobodys_seat(training: httpx.AsyncClient) -> None:
    group = await add_group(training, await add_programme(training, capacity=6), capacity=2)
    await fill(training, group, 6)
    path = f"/groups/{group['id']}/resize"
    larger = (await send(training, path, {"capacity": 5}, group)).json()
    assert (larger["seats_taken"], larger["waiting"]) == (5, 1)
    assert await states(training, group) == ["accepted"] * 5 + ["waitlisted"]
    for capacity, code in ((4, "too_small"), (7, "too_large")):
        answer = await send(training, path, {"capacity": capacity}, larger)
        assert assert_problem(answer, 422, "validation-failed")["errors"][0]["code"] == code
    assert await seats(training, group) == (5, 1)


async def test_a_rejection_needs_a_reason_that_people_give_and_moves_the_next_up(training: httpx.AsyncClient) -> None:
    group = await add_group(training, await add_programme(training), capacity=1)
    first, second = await fill(training, group, 2)
    path = f"/enrolments/{first['id']}/reject"
    for body in ({}, {"reason": "no_seat_left"}):
        assert_problem(await send(training, path, body, first), 422, "validation-failed")
    assert (await send(training, path, {"reason": "not_eligible"}, first)).json()["state"] == "rejected"
    assert await states(training, group) == ["rejected", "accepted"]
    moved = (await training.get(f"{URL}/enrolments/{second['id']}")).json()
    assert (moved["state"], moved["version"], moved["accepted_at"] is not None) == ("accepted", 2, True)


async def test_groups_are_found_by_trainer_and_free_seats(training: httpx.AsyncClient) -> None:
    programme = await add_programme(training)
    full, free = [await add_group(training, programme, capacity=1) for _ in range(2)]
    await fill(training, full, 1)
    for query, group in (("has_free_seats=false", full), (f"trainer_id={free['trainer_ids'][0]}", free)):
        listed = (await training.get(f"{URL}/groups?programme_code={programme['code']}&{query}")).json()["items"]
        assert [item["id"] for item in listed] == [group["id"]]
