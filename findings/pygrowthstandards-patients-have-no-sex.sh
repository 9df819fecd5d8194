#!/usr/bin/env bash
# pygrowthstandards: a Patient's sex is not looked at.
# Expected: the WHO growth standards are separate for boys and girls, and `Patient(sex="M")` is the README's
#   first example. So `calculate_all()` gives a boy and a girl of the same age, weight and height different
#   scores: those that `functional.zscore`, of the same package and tables, gives.
# Happens: the calculator picks the table by measurement and kind of age alone and takes its first row.
#   A boy and a girl have the same scores: for weight those of a boy, for height those of a girl.
# Why here: at one year the error is up to 0.7 standard deviations, enough to move a child over a limit.
# Seen in: pygrowthstandards 0.1.3. (Its calculator looks for the tables in a folder "data" of the working
#   folder; the script gives it the folder of the package. They are the same tables.)
# So: use `functional.zscore` and write sex as "M" or "F"; any other text, "m" too, is a girl there.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pygrowthstandards==0.1.3 pandas==2.3.3 numpy==2.4.6 pyarrow==26.0.1
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path

import pygrowthstandards
from pygrowthstandards import functional
from pygrowthstandards.oop.calculator import Calculator
from pygrowthstandards.oop.measurement import MeasurementGroup
from pygrowthstandards.oop.patient import Patient

Calculator.path = str(Path(pygrowthstandards.__file__).parent / "data")
BORN, DAYS, WEIGHT, HEIGHT = date(2025, 1, 1), 365, 9.0, 75.0


def of_patient(sex: str) -> tuple[float, float]:
    patient = Patient(sex=sex, birthday_date=BORN)
    patient.add_measurements(MeasurementGroup(date=BORN + timedelta(DAYS), weight=WEIGHT, stature=HEIGHT))
    patient.calculate_all()
    return round(patient.z_scores[0].weight, 2), round(patient.z_scores[0].stature, 2)


def of_function(sex: str) -> tuple[float, float]:
    weight = functional.zscore("weight", WEIGHT, sex, age_days=DAYS)
    return round(weight, 2), round(functional.zscore("stature", HEIGHT, sex, age_days=DAYS), 2)


print("pygrowthstandards", version("pygrowthstandards"), f"{WEIGHT} kg, {HEIGHT} cm, {DAYS} days old")
for sex in "MF":
    print(f"{sex}: weight and height, expected {of_function(sex)}, seen {of_patient(sex)}")

boy, girl = of_function("M"), of_function("F")
assert (boy, girl) == ((-0.63, -0.31), (0.05, 0.39)), "the tables have changed"
assert of_patient("M") == of_patient("F") == (boy[0], girl[1]), "a Patient has a sex now"
PYTHON
