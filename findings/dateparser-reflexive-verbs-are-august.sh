#!/usr/bin/env bash
# dateparser: in a Polish letter the reflexive "się" is August.
# Expected: `search_dates(text, languages=["pl"])` finds the dates of a text. "Badanie odbyło się 3 września
#   2026 r." (the examination took place on 3 September 2026) holds one date, with its day, month and year.
# Happens: "się" without its accent is "sie", the short form of sierpień (August). So "się 3" is the third of
#   August, and "września 2026" is a second date, on the day of the month that it is today. The same
#   sentence with "wykonano" (was done) is read right. "nie" (not) is the short form of niedziela: the text
#   "Nie zgłoszono uwag." (no remarks) holds a Sunday. NORMALIZE=False changes nothing.
# Seen in: dateparser 1.5.0. The words are named in issue 1024 of scrapinghub/dateparser (2021, open).
# Why it matters: what a letter dates is mostly reflexive (odbyło się, zgłosiła się, urodził się), and the
#   birth date or the start of a deadline moves to another month, and for a birth date to another year.
# So: take "się" and "nie" out of the text before the search, and require a day, a month and a year
#   (`REQUIRE_PARTS`): alone it makes no wrong date, but loses the right one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check dateparser==1.5.0
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import re
from datetime import datetime
from importlib.metadata import version

from dateparser.search import search_dates

TODAY = {"RELATIVE_BASE": datetime(2026, 11, 20)}
WHOLE = {"REQUIRE_PARTS": ["day", "month", "year"]}
DONE = "Badanie wykonano 3 września 2026 r. u lekarza."
TOOK_PLACE = "Badanie odbyło się 3 września 2026 r. u lekarza."
BORN = "Dziecko urodziło się 3 września 2020 r. w szpitalu."
NO_REMARKS = "Nie zgłoszono uwag."


def dates(text: str, **settings: object) -> list[str]:
    found = search_dates(text, languages=["pl"], settings=TODAY | settings) or []
    return [f"{date:%Y-%m-%d}" for _, date in found]


def without_words(text: str) -> str:
    return re.sub(r"\b(się|nie)\b", "", text, flags=re.IGNORECASE)


print("dateparser", version("dateparser"))
for text in (DONE, TOOK_PLACE, BORN, NO_REMARKS):
    print(text, dates(text))
    print("  without the words, a whole date required:", dates(without_words(text), **WHOLE))

assert dates(DONE) == ["2026-09-03"]
assert dates(TOOK_PLACE) == ["2026-08-03", "2026-09-20"], "a reflexive verb is no month now"
assert dates(TOOK_PLACE, NORMALIZE=False) == ["2026-08-03", "2026-09-20"], "kept accents tell się from sie now"
assert dates(TOOK_PLACE, **WHOLE) == [], "the whole date is found now"
assert dates(BORN) == ["2026-08-03", "2020-09-20"], "a child is born in its own year now"
assert dates(NO_REMARKS) == ["2026-11-15"], "no is no Sunday now"
assert dates(without_words(TOOK_PLACE), **WHOLE) == ["2026-09-03"]
assert dates(without_words(BORN), **WHOLE) == ["2020-09-03"] and dates(without_words(NO_REMARKS), **WHOLE) == []
PYTHON
