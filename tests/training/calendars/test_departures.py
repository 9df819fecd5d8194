"""A trainer, an expert or a room taken out of a session: their calendars say so, and do not merely forget it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import icalendar
import pytest
import recurring_ical_events

from services.chassis.ground import clock
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import change
from tests.training.calendars.test_endpoints import CALENDARS, TRAINER, created, text_of, told
from tests.training.sessions.made import SESSIONS, a_course, a_room, a_trainer, did, of_group, planned, train

NOW = datetime(2026, 9, 10, 8, 0, tzinfo=UTC)
SAME_TIME = {"starts_at": "2026-09-15T09:00:00+02:00", "ends_at": "2026-09-15T12:00:00+02:00"}
EXPERT = call_as("trainer", subject="expert", counties=[], institution=None)


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The morning of 10 September 2026, also where rows say when they were written."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


async def moved(client: httpx.AsyncClient, session: dict[str, Any], **to: Any) -> dict[str, Any]:
    """A session at the same time with something else changed."""
    current = (await client.get(f"{SESSIONS}/{session['id']}")).json()
    answer = await did(client, current, "move", json=SAME_TIME | to)
    assert answer.status_code == 200, answer.text
    after: dict[str, Any] = answer.json()
    await change(client, "UPDATE session_departures SET left_at = :at", at=NOW)
    return after


async def statuses(client: httpx.AsyncClient, calendar: dict[str, Any]) -> list[tuple[int, str]]:
    """What two libraries read of the session's day there: they agree."""
    read = icalendar.Calendar.from_ical(await text_of(client, calendar["address"]))
    by_day = [
        (event["sequence"], str(event["status"])) for event in recurring_ical_events.of(read).at(date(2026, 9, 15))
    ]
    assert by_day == [each[1:] for each in (await told(client, calendar)).values()]
    return by_day


async def test_whoever_gives_a_session_no_more_sees_it_cancelled_and_who_takes_over_sees_it(
    training: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = await a_course(training)
    expert = await a_trainer(training, "expert")
    await change(training, "UPDATE trainers SET kind = 'external_expert' WHERE account = 'expert'")
    await train(training, ids["group"], expert)
    session = await planned(training, of_group(ids))
    old, new = await created(training, TRAINER), await created(training, EXPERT)
    assert (await statuses(training, old), await statuses(training, new)) == ([(0, "CONFIRMED")], [])
    await moved(training, session, trainer_ids=[expert])
    assert (await statuses(training, old), await statuses(training, new)) == ([(1, "CANCELLED")], [(1, "CONFIRMED")])
    # What changes of it afterwards lifts no session back into a calendar that lost it.
    await moved(training, session, mode="online")
    assert await statuses(training, old) == [(2, "CANCELLED")]
    await moved(training, session, trainer_ids=[ids["trainer"]])
    assert (await statuses(training, old), await statuses(training, new)) == ([(3, "CONFIRMED")], [(3, "CANCELLED")])
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=31))
    assert (await statuses(training, old), await statuses(training, new)) == ([(3, "CONFIRMED")], [])


async def test_the_calendar_of_a_room_tells_what_is_in_it_and_what_was_moved_elsewhere(
    training: httpx.AsyncClient,
) -> None:
    ids = await a_course(training)
    room, other = await a_room(training), await a_room(training)
    session = await planned(training, of_group(ids, room_id=room))
    here, there = await created(training, room_id=room), await created(training, room_id=other)
    assert (here["room_id"], here["group_id"]) == (room, None)
    await moved(training, session, room_id=other)
    assert (await statuses(training, here), await statuses(training, there)) == ([(1, "CANCELLED")], [(1, "CONFIRMED")])
    await moved(training, session, room_id=None)
    assert await statuses(training, there) == [(2, "CANCELLED")]
    both = await training.post(CALENDARS, json={"room_id": room, "group_id": ids["group"]})
    assert both.json()["errors"][0]["code"] == "not_allowed"
    unknown = await training.post(CALENDARS, json={"room_id": ids["group"]})
    assert_problem(unknown, 422, "unknown-reference")
