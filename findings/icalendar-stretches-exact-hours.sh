#!/usr/bin/env bash
# icalendar and vobject turn 24 exact hours into one calendar day.
# Expected: RFC 5545 (3.3.6) knows two kinds of duration: P1D is nominal (same wall time on
#   the next day), PT24H is exact. Over the night of 25 October 2026 in Warsaw a stay of
#   PT24H that begins at 22:00 ends at 21:00, one of P1D at 22:00.
# Happens: both end at 22:00, so the stay has 25 hours; and reading and writing the file
#   again, even without a change, replaces PT24H by P1D for every later reader. In the same
#   way PT2H from 01:30 ends at 03:30 on the wall, which is three hours.
# Seen in: icalendar 7.3.2, vobject 0.9.9.
# So: care counted in hours is written with DTEND (in UTC or with its zone), never with
#   DURATION; a foreign DURATION is read from the text itself and added in UTC.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check icalendar==7.3.2 vobject==0.9.9
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import UTC, timedelta
from importlib.metadata import version

import icalendar
import vobject

ZONE = [
    "BEGIN:VTIMEZONE", "TZID:Europe/Warsaw",
    "BEGIN:STANDARD", "DTSTART:19961027T030000", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "END:STANDARD",
    "BEGIN:DAYLIGHT", "DTSTART:19970330T020000", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "END:DAYLIGHT", "END:VTIMEZONE",
]


def calendar(start: str, duration: str) -> str:
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example//EN", *ZONE, "BEGIN:VEVENT", "UID:1",
        "DTSTAMP:20261001T000000Z", f"DTSTART;TZID=Europe/Warsaw:{start}", f"DURATION:{duration}",
        "SUMMARY:Opieka wytchnieniowa", "END:VEVENT", "END:VCALENDAR", "",
    ]
    return "\r\n".join(lines)


def hours(start: str, duration: str) -> float:
    event = icalendar.Calendar.from_ical(calendar(start, duration)).events[0]
    return (event.end.astimezone(UTC) - event.start.astimezone(UTC)) / timedelta(hours=1)


print("icalendar", version("icalendar"), "and vobject", version("vobject"))
for start, duration in (("20261024T220000", "P1D"), ("20261024T220000", "PT24H"), ("20261025T013000", "PT2H")):
    print(f"from {start}, {duration} lasts {hours(start, duration)} hours")
assert hours("20261024T220000", "P1D") == 25, "a nominal day of 25 hours: right"
assert hours("20261024T220000", "PT24H") == 25, "24 exact hours are no longer stretched"
assert hours("20261025T013000", "PT2H") == 3, "two exact hours are no longer stretched"

exact = calendar("20261024T220000", "PT24H")
rewritten = icalendar.Calendar.from_ical(exact).to_ical().decode(), vobject.readOne(exact).serialize()
for name, text in zip(("icalendar", "vobject"), rewritten, strict=True):
    print(name, "writes PT24H back as", next(line for line in text.splitlines() if "DURATION" in line))
    assert "DURATION:P1D" in text, f"{name} keeps PT24H now"
PYTHON
