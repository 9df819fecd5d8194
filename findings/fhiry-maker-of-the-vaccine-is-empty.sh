#!/usr/bin/env bash
# fhiry: in the table made from FHIR the maker of the vaccine is an empty text.
# Expected: Reference.display (FHIR R4, 2.3 References) is a string that stands in for what is referred to, and may be
#   all there is: "manufacturer": {"display": "Wytwórnia A"}. fhiry's `convert_object_to_list` promises "a list of codes
#   or display texts" from it in a new column, and `delete_col_raw_coding = False` to keep the raw columns.
# Happens: each column with "display" in its name is read as if it were a list of codings. A string is no list, so the
#   new column "manufacturer.display.display" is an empty text in each row and the column with the text is dropped,
#   also when raw columns are to be kept. So too with the display of the clinic and of the child. No warning; and
#   as "" is no missing value, `count()` and `isna()` say that each row has a maker.
# Seen in: fhiry 5.2.2 with pandas 2.3.3.
# Why it matters here: a count of vaccinations by maker or clinic is one group without a name.
# So: read such columns from the Bundle yourself, for instance with pandas.json_normalize, and join them by id.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check fhiry==5.2.2 pandas==2.3.3
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import logging
from importlib.metadata import version

import pandas as pd
from fhiry import Fhiry

logging.basicConfig(level=logging.INFO)  # a word of the package on this would be seen


def vaccination(number: int, maker: str, clinic: str) -> dict[str, object]:
    vaccine = {"coding": [{"system": "http://snomed.info/sct", "code": "871876007", "display": "DTP"}]}
    return {
        "resourceType": "Immunization", "id": f"szczepienie-{number}", "status": "completed",
        "vaccineCode": vaccine, "patient": {"reference": f"Patient/{number}"}, "occurrenceDateTime": "2026-03-02",
        "manufacturer": {"display": maker}, "location": {"display": clinic}, "lotNumber": f"A{number}",
    }


places = [("Wytwórnia A", "Poradnia 1"), ("Wytwórnia A", "Poradnia 2"), ("Wytwórnia B", "Poradnia 2")]
entries = [{"resource": vaccination(number, *place)} for number, place in enumerate(places, 1)]
bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}


def table(keep_raw: bool) -> pd.DataFrame:
    reader = Fhiry()
    reader.delete_col_raw_coding = not keep_raw
    return reader.process_bundle_dict(bundle)


plain = pd.json_normalize(bundle["entry"])["resource.manufacturer.display"].value_counts().to_dict()
print("fhiry", version("fhiry"), "pandas", version("pandas"))
print("makers in the Bundle:", plain)
for keep_raw in (False, True):
    seen = table(keep_raw)
    makers = seen["manufacturer.display.display"]
    print("raw columns kept:" if keep_raw else "as it comes:", [c for c in seen.columns if "display" in c or "coding" in c])
    print("   makers:", makers.value_counts().to_dict(), " missing:", int(makers.isna().sum()))
    assert plain == {"Wytwórnia A": 2, "Wytwórnia B": 1} and list(seen["lotNumber"]) == ["A1", "A2", "A3"]
    assert set(makers) == {""} and makers.notna().all(), "the maker has a name now"
    assert set(seen["location.display.display"]) == {""}, "the clinic has a name now"
    assert not {"manufacturer.display", "location.display"} & set(seen.columns), "the raw display is kept now"
    assert ("vaccineCode.coding" in seen.columns) == keep_raw, "raw codings are kept in another way now"
PYTHON
