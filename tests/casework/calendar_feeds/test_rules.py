"""A feed as other parsers read it: days, times in Poland, numbers of changes."""

import io
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import dateutil.tz
import icalendar
import pytest
import recurring_ical_events

from services.casework.calendar_feeds.rules import Entry, TaskView, Text, after, to_ical

NOW = datetime(2026, 12, 10, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
STEP = TaskView("plan_step:1", "plan_step", date(2026, 12, 15), None)
MEETING = TaskView("referral:2", "referral_outbound", date(2026, 12, 18), datetime(2026, 12, 16, 15, 30, tzinfo=UTC))
TEXTS = {"plan_step:1": Text("Krok planu", "2469/2026/00001"), "referral:2": Text("Skierowanie, do; placówki", None)}


def entry(view: TaskView, sequence: int = 0, *, is_cancelled: bool = False) -> Entry:
    """As it has been since NOW."""
    return Entry(view, sequence, is_cancelled, NOW)


def feed(*entries: Entry) -> str:
    """Those entries, as a program gets them."""
    return to_ical(entries, TEXTS, "pl", date(2026, 12, 10)).decode()


def test_what_is_new_begins_with_nought_and_what_stays_does_not_change() -> None:
    assert after({}, [STEP], NOW) == [entry(STEP)]
    assert after({STEP.task: entry(STEP)}, [STEP], LATER) == []


def test_a_day_that_moves_rises_the_number_and_what_is_gone_is_cancelled_once() -> None:
    moved = STEP._replace(due_on=date(2026, 12, 20))
    assert after({STEP.task: entry(STEP, 3)}, [moved], LATER) == [Entry(moved, 4, is_cancelled=False, changed_at=LATER)]
    gone = Entry(STEP, 4, is_cancelled=True, changed_at=LATER)
    assert after({STEP.task: entry(STEP, 3)}, [], LATER) == [gone]
    assert after({STEP.task: gone}, [], LATER) == []
    assert after({STEP.task: gone}, [STEP], LATER) == [Entry(STEP, 5, is_cancelled=False, changed_at=LATER)]


def test_a_day_is_a_whole_day_and_a_time_is_polish() -> None:
    read = icalendar.Calendar.from_ical(feed(entry(STEP), entry(MEETING)))
    [step] = recurring_ical_events.of(read).at(date(2026, 12, 15))
    assert step["dtstart"].dt == date(2026, 12, 15)
    assert (str(step["summary"]), str(step["uid"])) == ("Krok planu – 2469/2026/00001", "plan_step:1@splot")
    [meeting] = recurring_ical_events.of(read).at(date(2026, 12, 16))
    assert meeting["dtstart"].dt == datetime(2026, 12, 16, 16, 30, tzinfo=ZoneInfo("Europe/Warsaw"))
    assert str(meeting["summary"]) == "Skierowanie, do; placówki"
    assert "DTSTART;TZID=Europe/Warsaw:20261216T163000" in feed(entry(MEETING))


@pytest.mark.parametrize(
    "instant",
    [
        datetime(2026, 3, 29, 0, 59, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 59, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 0, tzinfo=UTC),
        datetime(2026, 12, 16, 15, 30, tzinfo=UTC),
        datetime(2030, 7, 1, 12, 0, tzinfo=UTC),
    ],
)
def test_the_zone_in_the_feed_is_that_of_warsaw(instant: datetime) -> None:
    """Read by another parser, against the system's own table."""
    zone = dateutil.tz.tzical(io.StringIO(feed(entry(MEETING)))).get("Europe/Warsaw")
    warsaw = ZoneInfo("Europe/Warsaw")
    assert instant.astimezone(zone).replace(tzinfo=None) == instant.astimezone(warsaw).replace(tzinfo=None)


def test_the_zone_is_bounded() -> None:
    untils = [line for line in feed().splitlines() if line.startswith("RRULE")]
    assert untils == [
        "RRULE:FREQ=YEARLY;UNTIL=20311231T000000Z;BYDAY=-1SU;BYMONTH=3",
        "RRULE:FREQ=YEARLY;UNTIL=20311231T000000Z;BYDAY=-1SU;BYMONTH=10",
    ]
    starts = [line for line in feed().splitlines() if line.startswith("DTSTART")]
    assert starts == ["DTSTART:20250330T020000", "DTSTART:20251026T030000"]


def test_the_same_entries_make_the_same_bytes_whatever_their_order() -> None:
    assert feed(entry(STEP), entry(MEETING)) == feed(entry(MEETING), entry(STEP))


def test_no_line_is_longer_than_75_octets() -> None:
    long = {STEP.task: Text("Zażółć gęślą jaźń " * 12, "2469/2026/00001")}
    lines = to_ical([entry(STEP)], long, "pl", date(2026, 12, 10)).split(b"\r\n")
    assert max(map(len, lines)) <= 75
