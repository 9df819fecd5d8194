#!/usr/bin/env bash
# vobject: the first calendar that a process reads sets the clock of all later ones.
# Expected: TZID names a VTIMEZONE of the same file (RFC 5545, 3.2.19); what one file says
#   about "Europe/Warsaw" has no effect on another file.
# Happens: a zone is registered under its name for the whole process, once. After a file for
#   a January meeting, whose VTIMEZONE holds winter time alone (enough for it, and valid), a
#   July meeting of another file is an hour off, though that file brings its own full zone.
#   In the other order both are right, so a test of either file alone never shows it.
# Seen in: vobject 0.9.9.
# So: do not read uploads of many senders in one process with vobject; icalendar 7 takes the
#   IANA zone of that name and gives the same answer in both orders.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check icalendar==7.3.2 vobject==0.9.9
cat > "$folder/read.py" <<'PYTHON'
import sys
from importlib.metadata import version

import icalendar
import vobject

WINTER = ["BEGIN:STANDARD", "DTSTART:20251026T030000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "END:STANDARD"]
YEARS = [
    "BEGIN:STANDARD", "DTSTART:19961027T030000", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "END:STANDARD",
    "BEGIN:DAYLIGHT", "DTSTART:19970330T020000", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "END:DAYLIGHT",
]


def calendar(zone: list[str], start: str) -> str:
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example//EN", "BEGIN:VTIMEZONE", "TZID:Europe/Warsaw", *zone,
        "END:VTIMEZONE", "BEGIN:VEVENT", "UID:1", "DTSTAMP:20260101T000000Z",
        f"DTSTART;TZID=Europe/Warsaw:{start}", "SUMMARY:Zespół", "END:VEVENT", "END:VCALENDAR", "",
    ]
    return "\r\n".join(lines)


files = {"january": calendar(WINTER, "20260115T100000"), "july": calendar(YEARS, "20260715T100000")}
order, expected = sys.argv[1].split(","), sys.argv[2]
read = {month: str(vobject.readOne(files[month]).vevent.dtstart.value) for month in order}
print("vobject", version("vobject"), "reads", read)
assert read["july"] == expected, "zones of another file have no effect any more"
other = {month: str(icalendar.Calendar.from_ical(files[month]).events[0].start) for month in order}
print("icalendar", version("icalendar"), "reads", other)
assert other["july"] == "2026-07-15 10:00:00+02:00"
PYTHON
"$folder/venv/bin/python" "$folder/read.py" july,january "2026-07-15 10:00:00+02:00"
"$folder/venv/bin/python" "$folder/read.py" january,july "2026-07-15 10:00:00+01:00"
