"""Make-ups: a session that is given again for whoever missed it. For each person the longer of both counts, once."""

from typing import Any

import httpx

from tests.support.problems import assert_problem
from tests.training.attendances.made import AS_TRAINER, Held, items, signed
from tests.training.sessions.made import (
    SESSIONS,
    a_group,
    a_programme,
    did,
    meeting,
    of_group,
    planned,
    refused,
    tag,
)

LATER = "2026-09-22"


def again(one: Held, day: str = LATER, **facts: Any) -> dict[str, Any]:
    """What makes up for a session."""
    return of_group(one.ids, day, **{"makes_up_for_id": one.session["id"], **facts})


async def made_up(client: httpx.AsyncClient, one: Held, people: list[str], *minutes: int) -> Held:
    """A make-up with its signed list."""
    session = await planned(client, again(one))
    held = Held(one.ids, people, (await did(client, session, "hold")).json())
    answer = await client.post(held.url, json=items(people, *minutes), headers=AS_TRAINER)
    assert answer.status_code == 200, answer.text
    answer = await client.post(f"{held.url}/sign", headers=AS_TRAINER | tag(held.session))
    assert answer.status_code == 200, answer.text
    return held


async def test_who_missed_a_session_and_attends_its_make_up_has_the_minutes_once(training: httpx.AsyncClient) -> None:
    one = await signed(training, 120, 60, 0, 0)
    session = await planned(training, again(one))
    await did(training, session, "hold")
    again_held = Held(one.ids, one.people, session)
    answer = await training.post(again_held.url, json=items(one.people, 120, 90, 100, 0), headers=AS_TRAINER)
    errors = assert_problem(answer, 422, "validation-failed")["errors"]
    assert [(each["pointer"], each["code"]) for each in errors] == [("/items/0/trainee_id", "not_missed")]
    sheet = await training.post(again_held.url, json=items(one.people[2:3], 100), headers=AS_TRAINER)
    assert sheet.json()["missing"] == one.people[3:]
    await training.post(again_held.url, json=items([one.people[1], one.people[3]], 50, 0), headers=AS_TRAINER)
    current = (await training.get(f"{SESSIONS}/{session['id']}")).json()
    shares = f"/v1/training/groups/{one.ids['group']}/attendance-shares"
    before = (await training.get(shares)).json()["items"]
    assert sorted(each["attended_minutes"] for each in before) == [0, 0, 60, 120]
    answer = await training.post(f"{again_held.url}/sign", headers=AS_TRAINER | tag(current))
    assert answer.json()["missing"] == []
    told = {each["trainee_id"]: each for each in (await training.get(shares)).json()["items"]}
    assert [told[who]["attended_minutes"] for who in one.people] == [120, 60, 100, 0]
    assert {each["planned_minutes"] for each in told.values()} == {120}
    hours = (await training.get("/v1/training/hours", params={"programme_id": one.ids["programme"]})).json()
    assert hours["total"]["minutes"] == 120
    readiness = await training.get(f"/v1/training/groups/{one.ids['group']}/certificate-readiness")
    ready = {each["trainee_id"]: each["attended_minutes"] for each in readiness.json()["people"]}
    assert [ready[who] for who in one.people] == [120, 60, 100, 0]


async def test_a_correction_of_the_first_list_is_not_added_to_the_make_up(training: httpx.AsyncClient) -> None:
    one = await signed(training, 0, 0)
    await made_up(training, one, one.people, 120, 110)
    [first, second] = sorted(
        (await training.get(one.url)).json()["items"], key=lambda each: one.people.index(each["trainee_id"])
    )
    for record, minutes in ((first, 120), (second, 115)):
        body = {"minutes": minutes, "reason": "lista papierowa"}
        answer = await training.post(f"{one.url}/{record['id']}/correct", json=body, headers=tag(record))
        assert answer.status_code == 200, answer.text
    shares = (await training.get(f"/v1/training/groups/{one.ids['group']}/attendance-shares")).json()["items"]
    told = {each["trainee_id"]: each["attended_minutes"] for each in shares}
    assert [told[who] for who in one.people] == [120, 115]


async def test_a_make_up_takes_no_minutes_of_the_module_and_is_found_by_what_it_makes_up_for(
    training: httpx.AsyncClient,
) -> None:
    one = await signed(training, 0)
    for day in range(14, 18):
        await planned(training, of_group(one.ids, f"2026-10-{day}", minutes=180))
    # 120 and four times 180 of 900 minutes are planned: a make-up has room all the same.
    whole = await planned(training, again(one))
    assert (whole["makes_up_for_id"], whole["module_id"]) == (one.session["id"], one.ids["module"])
    await planned(training, of_group(one.ids, "2026-10-19", minutes=60))
    answer = await training.post(SESSIONS, json=of_group(one.ids, "2026-10-20", minutes=1))
    assert_problem(answer, 409, "module-minutes-exceeded")
    listed = (await training.get(SESSIONS, params={"makes_up_for_id": one.session["id"]})).json()["items"]
    assert [each["id"] for each in listed] == [whole["id"]]


async def test_all_that_keeps_a_session_from_making_up_is_named(training: httpx.AsyncClient) -> None:
    one = await signed(training, 0)
    elsewhere = await a_programme(training) | {"trainer": one.ids["trainer"]}
    elsewhere["group"] = await a_group(training, elsewhere, elsewhere["trainer"])
    unsigned = await planned(training, of_group(elsewhere, "2026-09-21"))
    asked = again(one, "2026-09-10", makes_up_for_id=unsigned["id"], minutes=121)
    missing = assert_problem(await training.post(SESSIONS, json=asked), 409, "make-up-not-possible")["missing"]
    assert missing == ["same_group", "same_module", "signed_attendance", "later_beginning", "no_more_minutes"]
    make_up = await made_up(training, one, one.people, 0)
    answer = await training.post(SESSIONS, json=again(make_up, "2026-09-24"))
    assert assert_problem(answer, 409, "make-up-not-possible")["missing"] == ["original_session"]
    unknown = "01990000-0000-7000-8000-0000000000f9"
    assert await refused(training, again(one, makes_up_for_id=unknown)) == [("/makes_up_for_id", "not_found")]
    body = meeting(one.ids, makes_up_for_id=one.session["id"])
    assert await refused(training, body) == [("/makes_up_for_id", "not_allowed")]
    # A second one is possible: whoever missed both has a third chance. Moved, it is judged as a new one.
    second = await planned(training, again(one, "2098-09-24"))
    to = {"starts_at": "2026-09-15T10:00:00+02:00", "ends_at": "2026-09-15T13:00:00+02:00"}
    answer = await did(training, second, "move", json=to)
    assert assert_problem(answer, 409, "make-up-not-possible")["missing"] == ["later_beginning"]
