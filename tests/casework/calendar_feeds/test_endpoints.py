"""A person's dates behind a secret address: no more than they may see, and nothing of whom it is about."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import icalendar
import pytest

from services.chassis.ground import clock
from tests.casework.cases.made import opened
from tests.casework.people.made import tag
from tests.casework.plans.made import HEALTH, active, case_with_team
from tests.casework.tasks.made import referred, relate
from tests.support.callers import OWN_INSTITUTION, call_as
from tests.support.problems import assert_problem
from tests.support.records import change, fetch

FEEDS = "/v1/casework/calendar-feeds"
NOBODY = {"authorization": ""}
MOTHER = call_as("guardian", subject="mother", counties=[], institution=None)
NOW = datetime(2026, 12, 10, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The morning of 10 December 2026."""
    at(monkeypatch, NOW)


def at(monkeypatch: pytest.MonkeyPatch, instant: datetime) -> None:
    """Let it be that instant."""
    monkeypatch.setattr(clock, "now", lambda: instant)
    monkeypatch.setattr(clock, "today", instant.date)


async def created(client: httpx.AsyncClient, caller: dict[str, str] | None = None, **facts: Any) -> dict[str, Any]:
    """A new feed with its address."""
    answer = await client.post(FEEDS, json=facts, headers=caller)
    assert answer.status_code == 201, answer.text
    feed: dict[str, Any] = answer.json()
    return feed


async def events(client: httpx.AsyncClient, feed: dict[str, Any]) -> dict[str, tuple[Any, ...]]:
    """What a program reads there: by kind of task its day, number and status."""
    answer = await client.get(feed["address"], headers=NOBODY)
    assert answer.status_code == 200, answer.text
    read: Any = icalendar.Calendar.from_ical(answer.content)
    return {
        str(event["uid"]).partition(":")[0]: (event["dtstart"].dt, event["sequence"], str(event["status"]))
        for event in read.walk("VEVENT")
    }


async def test_an_address_is_shown_once_and_its_secret_is_nowhere(casework: httpx.AsyncClient) -> None:
    feed = await created(casework)
    secret = feed["address"].removeprefix("/v1/casework/calendars/").removesuffix(".ics")
    assert len(secret) == 64
    await events(casework, feed)
    read = await casework.get(f"{FEEDS}/{feed['id']}")
    assert read.json() == {name: value for name, value in feed.items() if name != "address"}
    [listed] = (await casework.get(FEEDS)).json()["items"]
    assert (listed["id"], {*listed}) == (feed["id"], {*read.json()})
    for table in ("calendar_feeds", "calendar_entries", "audit_records", "events"):
        for [kept] in await fetch(casework, f"SELECT CAST(t AS text) FROM {table} AS t"):
            assert secret not in kept


async def test_a_feed_is_its_owners_alone(casework: httpx.AsyncClient) -> None:
    feed = await created(casework)
    kik = call_as("institution_coordinator", subject="kik")
    assert_problem(await casework.get(f"{FEEDS}/{feed['id']}", headers=kik), 404, "calendar-feed-not-found")
    answer = await casework.post(f"{FEEDS}/{feed['id']}/revoke", headers=kik | tag(feed))
    assert_problem(answer, 404, "calendar-feed-not-found")
    assert (await casework.get(FEEDS, headers=kik)).json()["items"] == []


async def test_a_revoked_address_and_one_that_never_was_are_not_told_apart(casework: httpx.AsyncClient) -> None:
    feed = await created(casework)
    path = f"{FEEDS}/{feed['id']}/revoke"
    assert_problem(await casework.post(path), 428, "precondition-required")
    revoked = (await casework.post(path, headers=tag(feed))).json()
    assert revoked["revoked_at"]
    assert_problem(await casework.post(path, headers=tag(revoked)), 409, "state-conflict")
    answers = [
        await casework.get(address, headers=NOBODY)
        for address in (feed["address"], f"/v1/casework/calendars/{'0' * 64}.ics", "/v1/casework/calendars/x.ics")
    ]
    bodies = [assert_problem(answer, 404, "calendar-feed-not-found") for answer in answers]
    told = [{**body, "instance": "", "trace_id": ""} for body in bodies]
    assert told[0] == told[1] == told[2]
    refused = await fetch(casework, "SELECT subject FROM audit_records WHERE subject LIKE '%calendars%'")
    assert refused == []


async def test_a_program_is_told_what_moves_and_what_is_gone(
    casework: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await case_with_team(casework)
    await active(casework, case)
    feed = await created(casework)
    assert await events(casework, feed) == {
        "plan_step": (date(2026, 12, 7), 0, "CONFIRMED"),
        "recommendation": (date(2027, 2, 1), 0, "CONFIRMED"),
    }
    await change(casework, "UPDATE plan_steps SET due_on = '2026-12-14'")
    await change(casework, "UPDATE plan_recommendations SET state = 'done'")
    at(monkeypatch, NOW + timedelta(days=1))
    seen = await events(casework, feed)
    assert seen == {
        "plan_step": (date(2026, 12, 14), 1, "CONFIRMED"),
        "recommendation": (date(2027, 2, 1), 1, "CANCELLED"),
    }
    at(monkeypatch, NOW + timedelta(days=2))
    assert await events(casework, feed) == seen
    at(monkeypatch, NOW + timedelta(days=32))
    assert "recommendation" not in await events(casework, feed)


async def test_a_feed_ends_with_the_relation_and_keeps_the_rights_of_its_making(casework: httpx.AsyncClient) -> None:
    case = await case_with_team(casework)
    await active(casework, case)
    feed = await created(casework, HEALTH)
    await change(casework, "UPDATE plan_steps SET subject = 'health'")
    assert [*await events(casework, feed)] == ["plan_step"]
    await change(casework, "DELETE FROM relations WHERE holder = 'account:health'")
    assert {status for _, _, status in (await events(casework, feed)).values()} == {"CANCELLED"}
    answer = await casework.get(feed["address"], headers=NOBODY)
    assert case["number"] not in answer.text, "of what is out of reach by now no case is named"


async def test_a_guardian_has_the_childs_dates_with_the_hour_of_a_meeting(casework: httpx.AsyncClient) -> None:
    case = await opened(casework)
    await referred(casework, case, OWN_INSTITUTION, "scheduled", "2026-12-15T16:30:00+01:00")
    await relate(casework, "mother", "guardian", case["person_id"])
    feed = await created(casework, MOTHER, language="en")
    answer = await casework.get(feed["address"], headers=NOBODY)
    assert "DTSTART;TZID=Europe/Warsaw:20261215T163000" in answer.text
    assert "BEGIN:VTIMEZONE" in answer.text
    assert f"Referral to an institution is waiting – {case['number']}" in answer.text.replace("\r\n ", "")
    for secret in ("Żółkiewska", "Zofia", "mowa", "mother", case["person_id"]):
        assert secret not in answer.text


async def test_what_somebody_else_does_is_not_in_the_feed(casework: httpx.AsyncClient) -> None:
    case = await opened(casework)
    await referred(casework, case, OWN_INSTITUTION)
    feed = await created(casework, call_as("institution_coordinator", subject="kik"))
    assert await events(casework, feed) == {}
    await change(casework, "UPDATE cases SET coordinator = NULL")
    assert {*await events(casework, feed)} == {"referral", "case_without_coordinator"}


async def test_a_feed_that_is_known_is_not_sent_again(casework: httpx.AsyncClient) -> None:
    feed = await created(casework)
    first = await casework.get(feed["address"], headers=NOBODY)
    assert first.headers["content-type"] == "text/calendar; charset=utf-8"
    assert first.headers["cache-control"] == "private, no-cache"
    again = await casework.get(feed["address"], headers=NOBODY | {"if-none-match": f'"x", {first.headers["etag"]}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert (await casework.get(feed["address"], headers=NOBODY | {"if-none-match": "*"})).status_code == 304
    case = await opened(casework)
    await referred(casework, case, OWN_INSTITUTION)
    other = await casework.get(feed["address"], headers=NOBODY | {"if-none-match": first.headers["etag"]})
    assert other.status_code == 200
    head = await casework.head(feed["address"], headers=NOBODY)
    assert (head.status_code, head.headers["etag"], head.content) == (200, other.headers["etag"], b"")


async def test_each_look_at_a_feed_is_noted_for_whom_it_shows(casework: httpx.AsyncClient) -> None:
    case = await opened(casework)
    await referred(casework, case, OWN_INSTITUTION)
    feed = await created(casework)
    await events(casework, feed)
    rows = await fetch(casework, "SELECT actor, subject, detail FROM audit_records WHERE action = 'get_calendar'")
    [[actor, subject, detail]] = rows
    assert (actor, subject) == ("county_coordinator", f"calendar-feeds/{feed['id']}")
    assert detail["people"] == [case["person_id"]]
    [[kept]] = await fetch(casework, "SELECT requester FROM calendar_feeds WHERE id = :id", id=UUID(feed["id"]))
    assert json.loads(kept)["counties"] == ["2469"]


async def test_an_address_is_in_no_log_line(casework: httpx.AsyncClient, capfd: pytest.CaptureFixture[str]) -> None:
    feed = await created(casework)
    capfd.readouterr()
    await casework.get(feed["address"], headers=NOBODY)
    await casework.get(feed["address"] + "x", headers=NOBODY)
    secret = feed["address"].removeprefix("/v1/casework/calendars/").removesuffix(".ics")
    told = capfd.readouterr()
    assert secret not in told.out + told.err
