#!/usr/bin/env bash
# rcpchgrowth: what happens "at two years" does not happen on the second birthday.
# Expected: on that day the reference goes from lying length to standing height, and the
#   correction for preterm birth ends, as its own comment says ("beyond 2 years of age").
# Happens: age is days divided by 365.25. Without a 29 February between, the second birthday
#   is 1.9986 years, still length; the same child of the same height stands 0.2 SDS higher on
#   the next day. And the border of the correction is the *corrected* age: a child of 28 weeks
#   is corrected until 12 weeks after its birthday, then is 12 weeks older overnight and falls
#   by half an SDS without having grown less.
# Seen in: rcpchgrowth 4.6.5 (reference "who").
# So: plan no check on or near these days, show which age was used beside the result, and do
#   not compare a visit before with one after as growth.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check rcpchgrowth==4.6.5
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import date
from importlib.metadata import version

from rcpchgrowth import Measurement, chronological_decimal_age


def measured(born: date, seen: date, weeks: int = 40) -> tuple[float, float]:
    """Corrected age and corrected SDS of a boy of 87 cm."""
    found = Measurement(
        birth_date=born, observation_date=seen, gestation_weeks=weeks, sex="male",
        measurement_method="height", observation_value=87.0, reference="who",
    ).measurement
    age = found["measurement_dates"]["corrected_decimal_age"]
    return float(age), round(float(found["measurement_calculated_values"]["corrected_sds"]), 2)


print("rcpchgrowth", version("rcpchgrowth"))
born = date(2024, 10, 1)
birthdays = [chronological_decimal_age(born, born.replace(year=born.year + n)) for n in range(1, 6)]
print("birthdays in decimal years:", [round(age, 4) for age in birthdays])
on, after = measured(born, date(2026, 10, 1)), measured(born, date(2026, 10, 2))
print("term child, on the second birthday:", on, "one day later:", after)
early, late = (measured(born, day, 28) for day in (date(2026, 12, 24), date(2026, 12, 25)))
print("child of 28 weeks, 12 weeks after that birthday:", early, "one day later:", late)
assert on[0] < 2 < after[0], "age goes by the calendar now"
assert after[1] - on[1] > 0.2, "the step between length and height is gone"
assert late[0] - early[0] > 0.2, "the correction ends on another day now"
assert early[1] - late[1] > 0.4, "the end of the correction makes no step any more"
PYTHON
