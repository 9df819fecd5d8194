#!/usr/bin/env bash
# holidays: Polish school breaks end silently where nothing is known.
# Expected: asking for school holidays of Poland gives at least those that all voivodeships
#   share (summer, Christmas); where the minister has not set the winter break yet, an error
#   or a sign says so.
# Happens: without a voivodeship there is not one school holiday, though supported_categories
#   lists them. With one, years after the last announced have summer, Christmas and spring
#   breaks but no winter break, so ten school days too many, and nothing tells such a year
#   from a full one. A county's TERYT code (1465) is refused, its first two digits are right.
# Seen in: holidays 0.109 (winter breaks known to 2028).
# So: a deadline "in school days" asks for the voivodeship, checks that a winter break exists
#   in the year, and otherwise says that the date is not known yet.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check holidays==0.109
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

import holidays
from holidays.constants import PUBLIC, SCHOOL


def breaks(year: int, subdivision: str | None) -> set[str]:
    return set(holidays.Poland(years=year, categories=SCHOOL, subdiv=subdivision, language="pl").values())


print("holidays", version("holidays"), "offers for Poland:", holidays.Poland.supported_categories)
everywhere = breaks(2027, None)
print("2027 without a voivodeship:", everywhere or "no school holiday at all")
of_year = {year: breaks(year, "14") for year in range(2026, 2031)}
for year, names in of_year.items():
    print(year, "in Mazowieckie:", ", ".join(sorted(names)))
assert {SCHOOL, PUBLIC} <= set(holidays.Poland.supported_categories)
assert not everywhere, "breaks of the whole country are told without a voivodeship now"
known = [year for year, names in of_year.items() if "Ferie zimowe" in names]
assert known == [2026, 2027, 2028], f"winter breaks are known for {known} now"
assert all({"Ferie letnie", "Wiosenna przerwa świąteczna"} <= names for names in of_year.values())
PYTHON
