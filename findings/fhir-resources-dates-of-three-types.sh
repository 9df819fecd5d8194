#!/usr/bin/env bash
# fhir.resources: one date field, three Python types, which cannot be put in order.
# Expected: CarePlan.created is annotated as a datetime and Patient.birthDate as a date; a
#   partial date, which FHIR allows (2019 or 2019-05), becomes some date or is refused.
# Happens: the type follows the digits of each value. With time a datetime, with a day a date,
#   else a plain string. Sorting or comparing plans raises as soon as two were written with
#   different precision, so it works in every test whose dates are complete; and an age
#   computed from "2019-05" fails on a string. Nothing in the annotation tells.
# Seen in: fhir.resources 8.3.0 (R4B).
# So: never compare these attributes; turn each into an interval (first and last possible day)
#   at the border, and store the text as sent beside it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check fhir.resources==8.3.0
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version
from operator import attrgetter

from fhir.resources.R4B.careplan import CarePlan
from fhir.resources.R4B.patient import Patient

PLAN = {"resourceType": "CarePlan", "status": "active", "intent": "plan", "subject": {"reference": "Patient/1"}}
MOMENTS = "2026-10-01T08:00:00+02:00", "2026-10-01", "2026-10", "2026"
plans = [CarePlan.model_validate({**PLAN, "created": moment}) for moment in MOMENTS]
types = [type(plan.created).__name__ for plan in plans]
births = [Patient.model_validate({"birthDate": day}).birthDate for day in ("2019-05-04", "2019-05", "2019")]
print("fhir.resources", version("fhir.resources"))
print("CarePlan.created says it is", CarePlan.model_fields["created"].annotation)
print("and is", dict(zip(MOMENTS, types, strict=True)))
print("birth dates:", births)
assert types == ["datetime", "date", "str", "str"], "the types have changed"
assert [type(day).__name__ for day in births] == ["date", "str", "str"]
for pair in (plans[:2], plans[1:3]):
    try:
        sorted(pair, key=attrgetter("created"))
    except TypeError as refused:
        print("sorting two plans:", refused)
    else:
        raise AssertionError("plans of different precision can be sorted now")
PYTHON
