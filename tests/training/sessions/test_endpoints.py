"""Sessions: within the group's days and the module's minutes, and nobody and nothing in two of them at once."""

import io
from datetime import datetime, timedelta
from typing import Any

import httpx
import openpyxl  # type: ignore[import-untyped]
import pytest

from services.chassis.ground import clock
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import change, fetch
from tests.training.sessions.made import (
    SESSIONS,
    a_course,
    a_room,
    did,
    meeting,
    of_group,
    planned,
    refused,
    tag,
)

NOW = datetime.fromisoformat("2026-09-10T08:00:00+02:00")


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The morning of 10 September 2026, in Poland."""
    at(monkeypatch, NOW)


def at(monkeypatch: pytest.MonkeyPatch, instant: datetime) -> None:
    """Let it be that instant."""
    monkeypatch.setattr(clock, "now", lambda: instant)


async def test_a_session_of_a_group_has_the_groups_county_and_programme(training: httpx.AsyncClient) -> None:
    ids = await a_course(training)
    made = await planned(training, of_group(ids))
    assert (made["county_terc"], made["programme_id"], made["state"]) == ("2469", ids["programme"], "planned")
    assert made["trainer_ids"] == [ids["trainer"]]
    read = await training.get(f"{SESSIONS}/{made['id']}")
    assert (read.json(), read.headers["etag"]) == (made, tag(made)["if-match"])
    with_group = (await training.get(f"{SESSIONS}/{made['id']}?expand=group")).json()
    assert with_group == made | {"group": (await training.get(f"/v1/training/groups/{ids['group']}")).json()}
    [[event]] = await fetch(training, "SELECT data FROM events WHERE type = 'training.session.planned'")
    assert event == {"href": f"{SESSIONS}/{made['id']}", "group_id": ids["group"]}


async def test_a_meeting_says_whom_it_is_for_and_a_group_what_it_teaches(training: httpx.AsyncClient) -> None:
    ids = await a_course(training)
    whole = meeting(ids)
    assert (await planned(training, whole))["group_id"] is None
    lacking = {name: whole[name] for name in whole if name not in {"programme_id", "county_terc", "audience_role"}}
    assert await refused(training, lacking) == [
        ("/programme_id", "missing"),
        ("/county_terc", "missing"),
        ("/audience_role", "missing"),
    ]
    both = of_group(ids, county_terc="2469", trainer_ids=[])
    del both["module_id"]
    assert await refused(training, both) == [
        ("/county_terc", "not_allowed"),
        ("/module_id", "missing"),
        ("/trainer_ids", "missing"),
    ]


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        ({"minutes": 181}, [("/minutes", "too_large")]),
        ({"ends_at": "2026-09-15T09:00:00+02:00"}, [("/ends_at", "wrong_order")]),
        ({"starts_at": "2026-08-31T23:59:59+02:00"}, [("/ends_at", "too_large"), ("/starts_at", "outside_dates")]),
        ({"mode": "online", "room_id": "01990000-0000-7000-8000-000000000009"}, [("/room_id", "not_allowed")]),
        ({"module_id": "01990000-0000-7000-8000-000000000009"}, [("/module_id", "not_found")]),
        ({"trainer_ids": ["01990000-0000-7000-8000-000000000009"]}, [("/trainer_ids/0", "not_found")]),
        ({"room_id": "01990000-0000-7000-8000-000000000009"}, [("/room_id", "not_found")]),
    ],
)
async def test_what_cannot_be_is_refused(
    training: httpx.AsyncClient, facts: dict[str, Any], wrong: list[tuple[str, str]]
) -> None:
    assert await refused(training, of_group(await a_course(training)) | facts) == wrong


async def test_a_module_has_no_more_minutes_than_its_version_says(training: httpx.AsyncClient) -> None:
    ids = await a_course(training)
    made = [await planned(training, of_group(ids, f"2026-09-{day}", minutes=180)) for day in range(10, 14)]
    answer = await training.post(SESSIONS, json=of_group(ids, minutes=181, ends_at="2026-09-15T13:00:00+02:00"))
    assert assert_problem(answer, 409, "module-minutes-exceeded")["minutes_left"] == 180
    assert (await did(training, made[0], "cancel", json={"reason": "awaria"})).status_code == 200
    assert (await planned(training, of_group(ids, minutes=180)))["minutes"] == 180


async def test_a_session_moves_as_a_new_one_would_be_planned(
    training: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = await a_course(training)
    made = await planned(training, of_group(ids, room_id=await a_room(training)))
    other = await planned(training, of_group(ids, "2026-09-16"))
    to: dict[str, Any] = {"starts_at": "2026-09-16T10:00:00+02:00", "ends_at": "2026-09-16T13:00:00+02:00"}
    taken = assert_problem(await did(training, made, "move", json=to), 409, "session-conflict")
    assert {each["session_id"] for each in taken["conflicts"]} == {other["id"]}
    to = {"starts_at": "2026-09-15T10:00:00+02:00", "ends_at": "2026-09-15T12:00:00+02:00", "room_id": None}
    assert_problem(await did(training, other, "move", json=to | {"minutes": 121}), 422, "validation-failed")
    moved = (await did(training, made, "move", json=to)).json()
    assert (moved["starts_at"], moved["room_id"], moved["version"]) == ("2026-09-15T08:00:00+00:00", None, 2)
    assert (moved["minutes"], moved["trainer_ids"]) == (120, [ids["trainer"]])
    assert_problem(await did(training, made, "move", json=to), 412, "version-mismatch")
    at(monkeypatch, datetime.fromisoformat("2026-09-15T10:00:00+02:00"))
    assert_problem(await did(training, moved, "move", json=to), 409, "session-begun")


async def test_a_session_is_held_once_it_is_over_and_then_stays_as_it_is(
    training: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await planned(training, of_group(await a_course(training)))
    end = datetime.fromisoformat(made["ends_at"])
    at(monkeypatch, end - timedelta(seconds=1))
    early = assert_problem(await did(training, made, "hold"), 409, "session-not-over")
    assert datetime.fromisoformat(early["ends_at"]) == end
    at(monkeypatch, end)
    trainer = call_as("trainer", counties=["2401"])
    held = (await did(training, made, "hold", headers=trainer)).json()
    assert (held["state"], held["version"]) == ("held", 2)
    answer = await did(training, held, "cancel", json={"reason": "awaria"})
    assert assert_problem(answer, 409, "state-conflict")["state"] == "held"


async def test_a_group_that_is_completed_has_no_session_to_come(training: httpx.AsyncClient) -> None:
    ids = await a_course(training)
    await change(training, "UPDATE groups SET state = 'completed'")
    answer = await training.post(SESSIONS, json=of_group(ids))
    assert assert_problem(answer, 409, "state-conflict")["state"] == "completed"


async def test_sessions_are_listed_by_day_and_trainer(training: httpx.AsyncClient) -> None:
    ids = await a_course(training)
    for day in ("2026-09-15", "2026-09-16", "2026-10-01"):
        await planned(training, of_group(ids, day))
    await planned(training, meeting(ids, "2026-09-15"))
    asked = {"trainer_id": ids["trainer"], "starts_from": "2026-09-15", "starts_to": "2026-09-16"}
    listed = (await training.get(SESSIONS, params=asked)).json()["items"]
    assert [each["starts_at"][:10] for each in listed] == ["2026-09-15", "2026-09-16"]


async def test_sessions_go_into_files_that_a_polish_spreadsheet_reads(racing_training: httpx.AsyncClient) -> None:
    ids = await a_course(racing_training)
    made = await planned(racing_training, of_group(ids, title="=1+1"))
    asked = {"format": "csv", "dialect": "excel-pl", "fields": "title,minutes,trainer_ids"}
    file = await racing_training.get(SESSIONS, params=asked)
    assert file.content.decode("utf-8-sig").splitlines() == [
        "Tytuł (title);Minuty (minutes);Identyfikatory trenerów (trainer_ids)",
        f"'=1+1;120;{ids['trainer']}",
    ]
    book = await racing_training.get(SESSIONS, params={"format": "xlsx"})
    [head, row] = openpyxl.load_workbook(io.BytesIO(book.content)).active.iter_rows(values_only=True)
    assert dict(zip(head, row, strict=True))["id"] == made["id"]
