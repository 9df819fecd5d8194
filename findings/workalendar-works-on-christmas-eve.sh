#!/usr/bin/env bash
# workalendar: in Poland it works on Christmas Eve, which has been free by law since 2025.
# Expected: Poland() knows the days off of the year that it is asked about; what falls due one
#   working day after 23 December 2026 (a Wednesday) falls due on Monday, 28 December.
# Happens: 24 December is a working day in every year, so the answer is the 24th, a day on which
#   no office is open: four days too early. Nothing says how far its knowledge reaches.
# Seen in: workalendar 17.0.0, the newest; holidays 0.109 has the day from 2025 on and not before
#   (Act of 6 December 2024, Dz.U. 2024 poz. 1965).
# So: count terms with data whose law is dated, and compare two sources once a year.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check workalendar==17.0.0 holidays==0.109
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import date
from importlib.metadata import version

import holidays
from workalendar.europe import Poland

EVES = [date(year, 12, 24) for year in (2024, 2025, 2026)]
one, other = Poland(), holidays.Poland(years=[eve.year for eve in EVES])
print("workalendar", version("workalendar"), "is free:", [one.is_holiday(eve) for eve in EVES])
print("holidays", version("holidays"), "is free:", [eve in other for eve in EVES])
due = one.add_working_days(date(2026, 12, 23), 1)
print("one working day after 23 December 2026:", due, "and by holidays", other.get_nth_working_day(date(2026, 12, 23), 1))
assert not any(one.is_holiday(eve) for eve in EVES), "Christmas Eve is known now"
assert [eve in other for eve in EVES] == [False, True, True]
assert due == date(2026, 12, 24)
assert other.get_nth_working_day(date(2026, 12, 23), 1) == date(2026, 12, 28)
PYTHON
