#!/usr/bin/env bash
# fhirpathpy: without a model the score of a filled questionnaire is 0, not an error.
# Expected: `item.answer.value` is the way FHIRPath spells the choice type value[x]; where an
#   engine cannot resolve it, the score is missing, and a sum of nothing is empty (FHIRPath
#   3.0, sum()).
# Happens: called without the R4 model, which is the default, `value` finds nothing, and sum()
#   of nothing is the integer 0. A child with 7 points is scored 0, the best result on many
#   scales, without a warning. A questionnaire without one answer has the same 0, with the
#   model too.
# Seen in: fhirpathpy 2.2.4.
# So: always hand over models["r4"]; add up by aggregate() over a collection that was counted
#   first, and let "no answer" be a result of its own.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check fhirpathpy==2.2.4
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

from fhirpathpy import evaluate
from fhirpathpy.models import models


def response(*points: int) -> dict[str, object]:
    items = [{"linkId": str(n), "answer": [{"valueInteger": each}]} for n, each in enumerate(points)]
    return {"resourceType": "QuestionnaireResponse", "status": "completed", "item": items or [{"linkId": "0"}]}


SUM, ADDED = "item.answer.value.sum()", "item.answer.value.aggregate($this + $total, 0)"
COUNTED = f"iif(item.answer.value.exists(), {ADDED})"
filled, blank = response(3, 4), response()
silent = evaluate(filled, SUM)
right = evaluate(filled, ADDED, {}, models["r4"])
nothing = evaluate(blank, SUM, {}, models["r4"])
counted = evaluate(filled, COUNTED, {}, models["r4"]), evaluate(blank, COUNTED, {}, models["r4"])
print("fhirpathpy", version("fhirpathpy"))
print("3 + 4 points without a model:", silent, "and with the R4 model:", right)
print("no answers at all, with the model:", nothing)
print("counted first:", *counted)
assert silent == [0], "choice types without a model are no longer silently absent"
assert right == [7]
assert nothing == [0], "the sum of nothing is empty now"
assert counted == ([7], [])
PYTHON
