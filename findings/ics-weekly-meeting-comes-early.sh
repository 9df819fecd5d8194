#!/usr/bin/env bash
# ics: a calendar that was read and written again holds weekly meetings an hour early in winter.
# Expected: ics.Calendar(text).serialize() gives back what it does not touch; a team that meets on
#   Tuesdays at 10:00 in Warsaw meets at 10:00 after the clocks went back, and the meeting that was
#   called off stays off.
# Happens: the start becomes UTC (08:00Z) and the rule stays weekly, so that from the last Sunday
#   of October on the meeting is at 9:00. The exception still says 10:00 in Warsaw, which is none
#   of these meetings any more: what was called off takes place. VTIMEZONE is gone as well. Where
#   the calendar named no CALSCALE, one named GEORGIAN is written, and strict readers refuse it all.
# Seen in: ics 0.7.3, read by recurring-ical-events 3.8.2; written by icalendar 7.3.2.
# So: write recurring events with a library that keeps TZID, as icalendar or ical do.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ics==0.7.3 recurring-ical-events==3.8.2 icalendar==7.3.2 tzdata==2026.6
"$folder/venv/bin/python" -W ignore::FutureWarning - <<'PYTHON'
from datetime import UTC, datetime
from importlib.metadata import version
from zoneinfo import ZoneInfo

import ics
import recurring_ical_events
from icalendar import Calendar, Event

WARSAW = ZoneInfo("Europe/Warsaw")
team, calendar = Event(), Calendar()
team.add("uid", "team")
team.add("dtstamp", datetime(2026, 10, 1, tzinfo=UTC))
team.add("dtstart", datetime(2026, 10, 20, 10, tzinfo=WARSAW))
team.add("dtend", datetime(2026, 10, 20, 11, tzinfo=WARSAW))
team.add("rrule", {"freq": "weekly", "count": 3})
team.add("exdate", datetime(2026, 10, 27, 10, tzinfo=WARSAW))
calendar.add("version", "2.0")
calendar.add("prodid", "-//county//team//PL")
calendar.add_component(team)
calendar.add_missing_timezones()
before = calendar.to_ical().decode()
after = ics.Calendar(before).serialize()
assert "CALSCALE:GEORGIAN" in after, "the calendar is the Gregorian one now"
readable = after.replace("GEORGIAN", "GREGORIAN")


def meetings(text):
    found = recurring_ical_events.of(Calendar.from_ical(text)).between((2026, 10, 1), (2026, 12, 1))
    return sorted(each["DTSTART"].dt.astimezone(WARSAW).strftime("%d.%m %H:%M") for each in found)


print("ics", version("ics"))
print("before:", meetings(before))
print("after: ", meetings(readable))
assert meetings(before) == ["03.11 10:00", "20.10 10:00"]
assert meetings(readable) == ["03.11 09:00", "20.10 10:00", "27.10 09:00"], "the zone is kept now"
assert "BEGIN:VTIMEZONE" not in after
PYTHON
