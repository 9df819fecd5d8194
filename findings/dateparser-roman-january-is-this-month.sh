#!/usr/bin/env bash
# dateparser: 15 I 2026, the Polish way to write 15 January, is the 15th of the current month.
# Expected: a month in Roman numerals, usual in Polish documents (15 I 2026 r.), is that month or, where the
#   language does not know them, no date at all: the documentation says that `parse` returns None for a
#   text that it cannot read.
# Happens: with languages=["pl"], eleven months are None, but "I" is taken for the word "i" (and) and dropped,
#   and the month of today is put in its place. Without a language nine months are right (Hungarian reads
#   them), and I, V and VI are the month of today: as Polish, Czech and Spanish text.
#   With REQUIRE_PARTS the "15 V 2026" is 7 August 2026: fifteen weeks before today, in Swedish.
# Seen in: dateparser 1.5.0.
# Why it matters: a birth date or a decision of January, May or June gets a month that changes with the day
#   of the import.
# So: turn the Roman month into its number before parsing, and give languages=["pl"] with
#   REQUIRE_PARTS=["day", "month", "year"], which makes "15 I 2026" None as well.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check dateparser==1.5.0
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
from datetime import datetime
from importlib.metadata import version

from dateparser import parse

MONTHS = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"]
WHOLE = {"REQUIRE_PARTS": ["day", "month", "year"]}


def month(roman: str, today: datetime, languages: list[str] | None, **settings: object) -> int | None:
    date = parse(f"15 {roman} 2026", languages=languages, settings={"RELATIVE_BASE": today} | settings)
    return date and date.month


print("dateparser", version("dateparser"))
for today in (datetime(2026, 11, 20), datetime(2026, 12, 20)):
    polish = [month(roman, today, ["pl"]) for roman in MONTHS]
    any_language = [month(roman, today, None) for roman in MONTHS]
    print(f"read on {today:%Y-%m-%d}, as Polish:      ", dict(zip(MONTHS, polish, strict=True)))
    print(f"read on {today:%Y-%m-%d}, in any language:", dict(zip(MONTHS, any_language, strict=True)))
    assert polish == [today.month, *[None] * 11], "Polish reads Roman months another way now"
    wrong = {roman for number, roman in enumerate(MONTHS, 1) if any_language[number - 1] != number}
    assert wrong == {"I", "V", "VI"}, "other Roman months are read wrong now"
    assert {any_language[0], any_language[4], any_language[5]} == {today.month}, "they are not this month now"

today = datetime(2026, 11, 20)
swedish = parse("15 V 2026", settings={"RELATIVE_BASE": today} | WHOLE)
print("15 V 2026, in any language, with a day, a month and a year required:", f"{swedish:%Y-%m-%d}")
required = [month(roman, today, ["pl"], **WHOLE) for roman in MONTHS]
assert swedish == datetime(2026, 8, 7), "V is no week now"
assert required == [None] * 12, "a required month is made up now"
PYTHON
