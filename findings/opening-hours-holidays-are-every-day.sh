#!/usr/bin/env bash
# opening_hours_py: hours of holidays hold all year.
# Expected: OpenStreetMap's notation has both "PH,Mo-Fr" (holidays and weekdays) and "PH Mo-Fr" (holidays
#   that are weekdays), and "SH Mo-Fr" for weekdays of school holidays. Where there is no calendar of
#   school holidays, one is told.
# Happens: the space is read as the comma and written back as one. "PH Mo-Fr 10:00-12:00" is open on a
#   plain Tuesday and on a holiday that is a Sunday, and "SH Mo-Fr 10:00-12:00", the hours of summer
#   activities, on each weekday of the year. There are no school holidays of Poland: "SH off" never
#   closes, and "SH 10:00-12:00" never opens, in July as in November. `warnings` is empty each time.
# Seen in: opening_hours_py 2.1.4.
# So: write the dates of school holidays out, `Jul 01-Aug 31 Mo-Fr 10:00-12:00`, and refuse a text that has
#   SH in it, or PH before a space and a weekday.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check opening_hours_py==2.1.4
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import datetime
from importlib.metadata import version

from opening_hours import OpeningHours

DAYS = {
    "Wednesday in July": datetime(2026, 7, 15, 11),
    "Tuesday in November": datetime(2026, 11, 10, 11),
    "holiday, a Wednesday": datetime(2026, 11, 11, 11),
    "holiday, a Sunday": datetime(2026, 11, 1, 11),
    "a Sunday": datetime(2026, 11, 8, 11),
}


def opens(written: str) -> str:
    hours = OpeningHours(written, country="PL")
    found = ["open" if hours.is_open(day) else "-" for day in DAYS.values()]
    print(f"{written:31}->  {hours!s:31} warnings: {hours.warnings}")
    print("   ", dict(zip(DAYS, found)))
    assert not hours.warnings, "there are warnings now"
    return " ".join(found)


print("opening_hours_py", version("opening_hours_py"))
assert opens("PH 10:00-12:00") == "- - open open -"
assert opens("PH,Mo-Fr 10:00-12:00") == "open open open open -"
assert opens("PH Mo-Fr 10:00-12:00") == "open open open open -", "a space is no comma now"
assert opens("SH Mo-Fr 10:00-12:00") == "open open open - -", "a space is no comma now"
assert opens("SH 10:00-12:00") == "- - - - -", "there are school holidays now"
assert opens("Mo-Fr 08:00-16:00; SH off") == "open open open - -", "there are school holidays now"
assert opens("Jul 01-Aug 31 Mo-Fr 10:00-12:00") == "open - - - -"
assert str(OpeningHours("PH Mo-Fr 10:00-12:00")) == "PH,Mo-Fr 10:00-12:00"
assert str(OpeningHours("SH Mo-Fr 10:00-12:00")) == "SH,Mo-Fr 10:00-12:00"
PYTHON
