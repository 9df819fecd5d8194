#!/usr/bin/env bash
# pygrowthstandards: a child born twelve weeks early is scored as if born on the due date.
# Expected: the growth of preterm children is scored by the INTERGROWTH-21st preterm postnatal standards, by
#   age since the last period, up to 64 weeks (Villar et al. 2015); the README promises them ("newborn,
#   preterm, and postnatal growth"), `zscore` takes `gestational_age`, in the README in days (280 at term),
#   and the tables of the package hold them ("very_preterm_growth", 189 to 448 days).
# Happens: the choice of the table compares `gestational_age` with 28, as if it were weeks. So in days it is
#   never "very preterm": with 196 days or without any, a girl of ten weeks and 2.5 kg has a z-score of
#   -5.8 (WHO, term). By the preterm table of the package, at 38 weeks, it is -0.6. Given in weeks,
#   28 is not looked at either, and 27 is looked for in the wrong place and refused.
# Why here: a preterm child who grows well would be reported as severely underweight.
# Seen in: pygrowthstandards 0.1.3.
# So: for a child born before 37 weeks read the preterm table yourself, by the age since the last
#   period, as `expected` below does.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pygrowthstandards==0.1.3 pandas==2.3.3 numpy==2.4.6 pyarrow==26.0.1
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

from pygrowthstandards import functional
from pygrowthstandards.functional.data import DATA, get_lms, get_table
from pygrowthstandards.utils.errors import NoReferenceDataException
from pygrowthstandards.utils.stats import calculate_z_score

AGE, BORN, WEIGHT = 70, 28 * 7, 2.5


def expected() -> float:
    table = get_table(DATA, ("very_preterm_growth", "weight", "f", "age"))
    return round(calculate_z_score(WEIGHT, *get_lms(table, BORN + AGE)), 1)


def seen(gestational_age: int | None) -> float | str:
    try:
        return round(functional.zscore("weight", WEIGHT, "F", age_days=AGE, gestational_age=gestational_age), 1)
    except NoReferenceDataException:
        return "refused"


print("pygrowthstandards", version("pygrowthstandards"), f"girl of {AGE} days, {WEIGHT} kg")
at_term = round(functional.zscore("weight", 3.3, "F", age_days=0, gestational_age=280), 1)
print("at birth, 280 days, 3.3 kg (days are the unit of the tables):", at_term)
print("born after 196 days, expected:", expected())
answers = {age: seen(age) for age in (None, 280, BORN, 28, 27)}
for age, answer in answers.items():
    print(f"gestational_age={age!s:5} seen: {answer}")

assert expected() == -0.6, "the preterm table has changed"
assert answers[None] == answers[280] == answers[BORN] == answers[28] == -5.8, "gestational age counts now"
assert answers[27] == "refused", "weeks are read now"
PYTHON
