"""Calendars of sessions, as calendar programs read them: without a token, and without anybody's name."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import icalendar
import pytest
import recurring_ical_events

from services.chassis.ground import clock
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import change, fetch
from tests.training.sessions.made import (
    Ids,
    a_course,
    a_group,
    a_room,
    a_trainee,
    a_trainer,
    did,
    meeting,
    of_group,
    planned,
    tag,
    take_seat,
)

CALENDARS = "/v1/training/calendars"
NOBODY = {"authorization": ""}
ME = call_as("trainee", subject="me", counties=[], institution=None)
TRAINER = call_as("trainer", counties=[], institution=None)
NOW = datetime(2026, 9, 10, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The morning of 10 September 2026."""
    at(monkeypatch, NOW)


def at(monkeypatch: pytest.MonkeyPatch, instant: datetime) -> None:
    """Let it be that instant."""
    monkeypatch.setattr(clock, "now", lambda: instant)


class Told(NamedTuple):
    """What a program reads of a session."""

    begins: datetime
    sequence: int
    status: str


async def created(client: httpx.AsyncClient, caller: dict[str, str] | None = None, **facts: Any) -> dict[str, Any]:
    """A new calendar with its address."""
    answer = await client.post(CALENDARS, json=facts, headers=caller)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def text_of(client: httpx.AsyncClient, address: str) -> str:
    """What is there for a program without a token, lines unfolded."""
    answer = await client.get(address, headers=NOBODY)
    assert answer.status_code == 200, answer.text
    return answer.text.replace("\r\n ", "")


async def told(client: httpx.AsyncClient, calendar: dict[str, Any]) -> dict[str, Told]:
    """What a program reads there, by session."""
    read: Any = icalendar.Calendar.from_ical(await text_of(client, calendar["address"]))
    return {
        str(event["uid"]).removeprefix("session:").removesuffix("@splot"): Told(
            event["dtstart"].dt, event["sequence"], str(event["status"])
        )
        for event in read.walk("VEVENT")
    }


async def test_a_groups_sessions_are_read_by_two_libraries_at_their_polish_time(training: httpx.AsyncClient) -> None:
    ids = await a_course(training)
    winter: dict[str, Any] = {"starts_at": "2026-11-16T09:00:00+01:00", "ends_at": "2026-11-16T12:00:00+01:00"}
    room = await a_room(training)
    await planned(training, of_group(ids, title="Moduł 1; wstęp, cele", room_id=room))
    await planned(training, of_group(ids, mode="online", **winter))
    calendar = await created(training, group_id=ids["group"], language="en")
    text = await text_of(training, calendar["address"])
    read = recurring_ical_events.of(icalendar.Calendar.from_ical(text))
    warsaw = ZoneInfo("Europe/Warsaw")
    [summer] = read.at(date(2026, 9, 15))
    assert (summer["dtstart"].dt, summer["dtend"].dt) == (
        datetime(2026, 9, 15, 9, tzinfo=warsaw),
        datetime(2026, 9, 15, 12, tzinfo=warsaw),
    )
    assert str(summer["summary"]).startswith("Moduł 1; wstęp, cele – ")
    assert str(summer["location"]) == "Sala, ul. Zmyślona 1"
    [winters] = read.at(date(2026, 11, 16))
    assert winters["dtstart"].dt.astimezone(UTC) == datetime(2026, 11, 16, 8, tzinfo=UTC)
    assert (str(winters["location"]), str(winters["transp"])) == ("online", "OPAQUE")
    assert "DTSTART;TZID=Europe/Warsaw:20260915T090000" in text
    with_token = await training.get(f"/v1/training/groups/{ids['group']}/sessions.ics?language=en")
    assert with_token.text.replace("\r\n ", "") == text
    assert with_token.headers["content-type"] == "text/calendar; charset=utf-8"


async def test_a_program_is_told_what_moves_and_what_is_cancelled(training: httpx.AsyncClient) -> None:
    ids = await a_course(training)
    moving, going = [await planned(training, of_group(ids, day)) for day in ("2026-09-15", "2026-09-16")]
    calendar = await created(training, group_id=ids["group"])
    assert {each.sequence for each in (await told(training, calendar)).values()} == {0}
    to = {"starts_at": "2026-09-17T09:00:00+02:00", "ends_at": "2026-09-17T12:00:00+02:00"}
    await did(training, moving, "move", json=to)
    await did(training, going, "cancel", json={"reason": "awaria"})
    seen = await told(training, calendar)
    assert seen[moving["id"]][1:] == (1, "CONFIRMED")
    assert seen[moving["id"]].begins.date() == date(2026, 9, 17)
    assert seen[going["id"]][1:] == (1, "CANCELLED")
    await change(training, "UPDATE groups SET state = 'cancelled', reason = 'brak chętnych'")
    assert {each.status for each in (await told(training, calendar)).values()} == {"CANCELLED"}


async def attending(client: httpx.AsyncClient) -> tuple[Ids, str, dict[str, Any]]:
    """Somebody with an account and a seat in a group that has a session; another group has one, too."""
    ids = await a_course(client)
    trainee = await a_trainee(client, ids["group"], account="me")
    own = await planned(client, of_group(ids))
    other = await a_trainer(client)
    elsewhere = ids | {"trainer": other, "group": await a_group(client, ids, other, account=None)}
    await planned(client, of_group(elsewhere))
    return ids, trainee, own


async def test_a_person_has_the_sessions_of_own_groups_alone(training: httpx.AsyncClient) -> None:
    ids, _, own = await attending(training)
    calendar = await created(training, ME)
    assert {*await told(training, calendar)} == {own["id"]}
    given = await planned(training, meeting(ids, "2026-10-01", trainer_ids=[ids["trainer"]]))
    trains = await created(training, TRAINER)
    assert {*await told(training, trains)} == {own["id"], given["id"]}
    assert await told(training, await created(training)) == {}


async def test_whoever_leaves_a_group_is_told_for_thirty_days(
    training: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids, trainee, own = await attending(training)
    calendar = await created(training, ME)
    assert (await told(training, calendar))[own["id"]][1:] == (0, "CONFIRMED")
    left = "UPDATE enrolments SET state = 'withdrawn', changed_at = :at WHERE trainee_id = :id"
    await change(training, left, id=UUID(trainee), at=NOW)
    at(monkeypatch, NOW + timedelta(days=1))
    assert (await told(training, calendar))[own["id"]][1:] == (1, "CANCELLED")
    at(monkeypatch, NOW + timedelta(days=31))
    assert await told(training, calendar) == {}
    await take_seat(training, ids["group"], trainee)
    assert (await told(training, calendar))[own["id"]][1:] == (1, "CONFIRMED")


async def test_who_never_had_a_seat_is_told_of_no_session_and_whose_seat_was_taken_back_is(
    training: httpx.AsyncClient,
) -> None:
    _, _, own = await attending(training)
    calendar = await created(training, ME)
    await change(
        training, "UPDATE enrolments SET state = 'rejected', reason = 'not_eligible', changed_at = :at", at=NOW
    )
    assert (await told(training, calendar))[own["id"]][1:] == (1, "CANCELLED")
    await change(training, "UPDATE enrolments SET state = 'withdrawn', accepted_at = NULL")
    assert await told(training, calendar) == {}


async def test_a_calendar_ends_with_the_relation(training: httpx.AsyncClient) -> None:
    await attending(training)
    calendar = await created(training, ME)
    await change(training, "DELETE FROM relations WHERE holder = 'account:me'")
    assert await told(training, calendar) == {}


async def test_an_address_is_shown_once_and_nothing_of_anybody_is_behind_it(
    training: httpx.AsyncClient, capfd: pytest.CaptureFixture[str]
) -> None:
    _, trainee, _ = await attending(training)
    calendar = await created(training, ME)
    secret = calendar["address"].removeprefix(f"{CALENDARS}/").removesuffix(".ics")
    assert len(secret) == 64
    capfd.readouterr()
    text = await text_of(training, calendar["address"])
    for name in ("Wymyślony", "Zmyślona", trainee, "account", "me@"):
        assert name not in text
    output = capfd.readouterr()
    assert secret not in output.out + output.err
    read = await training.get(f"{CALENDARS}/{calendar['id']}", headers=ME)
    assert read.json() == {name: value for name, value in calendar.items() if name != "address"}
    for table in ("calendars", "audit_records", "events"):
        for [kept] in await fetch(training, f"SELECT CAST(t AS text) FROM {table} AS t"):
            assert secret not in kept
    rows = await fetch(training, "SELECT actor FROM audit_records WHERE action = 'read_session_calendar'")
    assert [actor for [actor] in rows] == ["me"]


async def test_a_revoked_address_and_one_that_never_was_are_not_told_apart(training: httpx.AsyncClient) -> None:
    calendar = await created(training)
    path = f"{CALENDARS}/{calendar['id']}/revoke"
    assert_problem(await training.post(path, headers=ME | tag(calendar)), 404, "calendar-not-found")
    revoked = (await training.post(path, headers=tag(calendar))).json()
    assert revoked["revoked_at"]
    assert_problem(await training.post(path, headers=tag(revoked)), 409, "state-conflict")
    answers = [
        await training.get(address, headers=NOBODY)
        for address in (calendar["address"], f"{CALENDARS}/{'0' * 64}.ics", f"{CALENDARS}/x.ics")
    ]
    told_apart = {
        str(assert_problem(answer, 404, "calendar-not-found") | {"instance": "", "trace_id": ""}) for answer in answers
    }
    assert len(told_apart) == 1


async def test_a_calendar_that_is_known_is_not_sent_again(training: httpx.AsyncClient) -> None:
    ids = await a_course(training)
    calendar = await created(training, group_id=ids["group"])
    first = await training.get(calendar["address"], headers=NOBODY)
    known = NOBODY | {"if-none-match": first.headers["etag"]}
    assert (await training.get(calendar["address"], headers=known)).status_code == 304
    await planned(training, of_group(ids))
    assert (await training.get(calendar["address"], headers=known)).status_code == 200
    unknown = {"group_id": "01990000-0000-7000-8000-000000000009"}
    assert_problem(await training.post(CALENDARS, json=unknown), 422, "unknown-reference")
    none = await training.get(f"/v1/training/groups/{unknown['group_id']}/sessions.ics")
    assert_problem(none, 404, "group-not-found")
