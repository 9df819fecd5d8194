"""Attendance: of planned sessions, of people with a seat, signed once by a trainer, then corrected with a reason."""

from datetime import datetime
from uuid import UUID

import httpx
import pytest

from services.chassis.ground import clock
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import change, fetch
from tests.training.attendances.made import AS_TRAINER, begun, held, items, listed, signed
from tests.training.sessions.made import SESSIONS, a_trainee, did, meeting, of_group, planned, tag

WRONG = {"minutes": 90, "reason": "wyszła przed końcem"}


async def test_a_trainer_records_people_with_a_seat_for_no_longer_than_the_session(
    training: httpx.AsyncClient,
) -> None:
    one = await held(training)
    stranger = "01990000-0000-7000-8000-0000000000f1"
    answer = await training.post(one.url, json=items([*one.people, stranger], 120, 121, 0, 5), headers=AS_TRAINER)
    errors = assert_problem(answer, 422, "validation-failed")["errors"]
    assert [(error["pointer"], error["code"]) for error in errors] == [
        ("/items/1/minutes", "too_large"),
        ("/items/3/trainee_id", "without_seat"),
    ]
    await change(training, "UPDATE enrolments SET state = 'waitlisted' WHERE trainee_id = :id", id=UUID(one.people[2]))
    sheet = await training.post(one.url, json=items(one.people[:1], 120), headers=AS_TRAINER)
    assert sheet.json() == {
        "session_id": one.session["id"],
        "version": one.session["version"],
        "recorded": 1,
        "missing": [one.people[1]],
        "signed_at": None,
    }
    answer = await training.post(one.url, json=items(one.people[2:], 0), headers=AS_TRAINER)
    assert answer.json()["errors"][0]["code"] == "without_seat"


async def test_until_it_is_signed_a_list_takes_the_last_word(training: httpx.AsyncClient) -> None:
    one = await held(training, 2)
    await training.post(one.url, json=items(one.people, 120, 60))
    await training.post(one.url, json=items(one.people, 120, 30), headers=AS_TRAINER)
    seen = await listed(training, one)
    told = [(seen[who]["minutes"], seen[who]["version"], seen[who]["recorded_by"]) for who in one.people]
    assert told == [(120, 1, "training_manager"), (30, 2, "trainer")]
    assert seen[one.people[0]]["family_name"] == "Wymyślony"


async def test_only_what_is_planned_and_has_begun_is_attended(
    training: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = await begun(training, 1)
    body = items(one.people, 60)
    start = datetime.fromisoformat(one.session["starts_at"])
    with monkeypatch.context() as early:
        early.setattr(clock, "now", lambda: start.replace(hour=0))
        assert_problem(await training.post(one.url, json=body), 409, "session-not-begun")
    await did(training, one.session, "cancel", json={"reason": "awaria"})
    answer = await training.post(one.url, json=body)
    assert assert_problem(answer, 409, "state-conflict")["state"] == "cancelled"
    of_nobody = await planned(training, meeting(one.ids))
    answer = await training.post(f"{SESSIONS}/{of_nobody['id']}/attendance", json=body)
    assert_problem(answer, 409, "session-without-group")


async def test_a_list_is_signed_whole_and_only_by_a_trainer_of_the_session(training: httpx.AsyncClient) -> None:
    one = await begun(training, 2)
    sign, headers = f"{one.url}/sign", AS_TRAINER | tag(one.session)
    answer = await training.post(sign, headers=headers)
    assert assert_problem(answer, 409, "state-conflict")["allowed"] == ["hold"]
    session = (await did(training, one.session, "hold")).json()
    headers = AS_TRAINER | tag(session)
    await training.post(one.url, json=items(one.people[:1], 120))
    lacking = assert_problem(await training.post(sign, headers=headers), 409, "attendance-incomplete")
    assert lacking["missing"] == one.people[1:]
    await training.post(one.url, json=items(one.people[1:], 0))
    assert_problem(await training.post(sign, headers=tag(session)), 403, "not-trainer-of-session")
    assert_problem(await training.post(sign, headers=AS_TRAINER), 428, "precondition-required")
    sheet = (await training.post(sign, headers=headers)).json()
    assert (sheet["missing"], sheet["version"]) == ([], session["version"] + 1)
    assert sheet["signed_at"]
    answer = await training.post(one.url, json=items(one.people, 1, 1), headers=AS_TRAINER)
    assert assert_problem(answer, 409, "state-conflict")["allowed"] == ["correct"]


async def test_a_trainer_of_the_group_signs_no_session_of_a_colleague(training: httpx.AsyncClient) -> None:
    one = await held(training, 1)
    await change(training, "UPDATE trainers SET account = 'somebody'")
    answer = await training.post(one.url, json=items(one.people, 120), headers=AS_TRAINER)
    assert_problem(answer, 403, "not-trainer-of-session")


async def test_what_is_signed_is_corrected_with_a_reason_and_its_history_stays(training: httpx.AsyncClient) -> None:
    one = await signed(training, 120, 60)
    before = (await listed(training, one))[one.people[0]]
    path = f"{one.url}/{before['id']}"
    answer = await training.post(f"{path}/correct", json=WRONG | {"minutes": 121}, headers=tag(before))
    assert answer.json()["errors"][0]["code"] == "too_large"
    answer = await training.post(f"{path}/correct", json=WRONG | {"minutes": 120}, headers=tag(before))
    assert answer.json()["errors"][0]["code"] == "unchanged"
    assert (await training.post(f"{path}/correct", json={"minutes": 90}, headers=tag(before))).status_code == 422
    after = (await training.post(f"{path}/correct", json=WRONG, headers=AS_TRAINER | tag(before))).json()
    assert (after["minutes"], after["version"], after["corrections"]) == (90, 2, 1)
    assert_problem(await training.post(f"{path}/correct", json=WRONG, headers=tag(before)), 412, "version-mismatch")
    await training.post(f"{path}/correct", json={"minutes": 95, "reason": "pomyłka"}, headers=tag(after))
    history = (await training.get(f"{path}/corrections")).json()["items"]
    assert [(each["minutes_before"], each["minutes"], each["reason"]) for each in history] == [
        (120, 90, WRONG["reason"]),
        (90, 95, "pomyłka"),
    ]
    assert [each["corrected_by"] for each in history] == ["trainer", "training_manager"]


async def test_a_share_counts_signed_minutes_of_all_that_is_planned(training: httpx.AsyncClient) -> None:
    one = await signed(training, 120, 95, 0)
    await planned(training, of_group(one.ids, "2098-10-01", minutes=30))
    gone = await planned(training, of_group(one.ids, "2098-10-02", minutes=99))
    await did(training, gone, "cancel", json={"reason": "awaria"})
    answer = await training.get(f"/v1/training/groups/{one.ids['group']}/attendance-shares")
    shares = {each["trainee_id"]: each for each in answer.json()["items"]}
    told = [[shares[who][name] for name in ("attended_minutes", "percent", "is_sufficient")] for who in one.people]
    # 120, 95 and 0 of 150 minutes: 80 is enough, 63.333… is cut off.
    assert told == [[120, "80.00", True], [95, "63.33", False], [0, "0.00", False]]
    assert {share["planned_minutes"] for share in shares.values()} == {150}


async def test_a_trainee_sees_the_own_record_alone_and_other_counties_none(training: httpx.AsyncClient) -> None:
    one = await begun(training, 2)
    own = await a_trainee(training, one.ids["group"], "2401", "me")
    await did(training, one.session, "hold")
    await training.post(one.url, json=items([*one.people, own], 120, 120, 60))
    me = call_as("trainee", subject="me", counties=[])
    [mine] = (await training.get(one.url, headers=me)).json()["items"]
    assert (mine["trainee_id"], mine["given_name"], mine["minutes"]) == (own, "Jan", 60)
    elsewhere = call_as("training_manager", counties=["2401"])
    assert (await training.get(one.url, headers=elsewhere)).json()["items"] == []
    # The organiser keeps the whole list, and sees no names of another county.
    whole = await listed(training, one)
    assert (whole[own]["given_name"], whole[own]["minutes"]) == (None, 60)


async def test_each_look_is_on_record_and_no_name_is(training: httpx.AsyncClient) -> None:
    one = await signed(training, 120, 60)
    await listed(training, one)
    [[detail]] = await fetch(training, "SELECT detail FROM audit_records WHERE action = 'list_attendance'")
    assert detail["people"] == sorted(one.people)
    for table in ("audit_records", "events"):
        for [kept] in await fetch(training, f"SELECT CAST(t AS text) FROM {table} AS t"):
            assert "Wymyślony" not in kept
    rows = await fetch(training, "SELECT type FROM events WHERE type LIKE 'training.attendance.%' ORDER BY position")
    assert [kind for [kind] in rows] == ["training.attendance.recorded", "training.attendance.signed"]


async def test_a_list_goes_into_a_file(racing_training: httpx.AsyncClient) -> None:
    one = await signed(racing_training, 120, 60)
    asked = {"format": "csv", "dialect": "excel-pl", "fields": "family_name,minutes"}
    file = await racing_training.get(one.url, params=asked)
    head, *rows = file.content.decode("utf-8-sig").splitlines()
    assert (head, sorted(rows)) == (
        "Nazwisko (family_name);Minuty (minutes)",
        ["Wymyślony;120", "Wymyślony;60"],
    )
    shares = await racing_training.get(
        f"/v1/training/groups/{one.ids['group']}/attendance-shares", params={"format": "ndjson"}
    )
    assert len(shares.text.splitlines()) == 2
