#!/usr/bin/env bash
# anjana: a child of seven is in the age group "[0, 7)".
# Expected: `generate_intervals` makes the age groups of an anonymised table, and writes them half open. "[0, 7)"
#   is from 0 up to but without 7, and "[7, 14)" begins with 7 (ISO 80000-2, intervals: a square bracket
#   takes the end in, a round one leaves it out).
# Happens: each bound falls into the group below it: 7 is in "[0, 7)" and 14 in "[7, 14)". So the groups are
#   really 0 to 7, 8 to 14, and so on, under names that say otherwise. After k-anonymity the name is all
#   that is left of the age.
# Seen in: anjana 1.2.3.
# Why it matters: the groups of children are cut at the ages of the law (three for kindergarten, seven for
#   school), and a whole year of pupils is counted as preschool children: here six for three.
# So: make the list of groups yourself, as a hierarchy is a plain list; or, for whole ages, give bounds half a
#   year lower (-0.5, 6.5, 13.5) and rename the groups.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check anjana==1.2.3
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

import pandas as pd
from anjana.anonymity import k_anonymity
from anjana.anonymity.utils import generate_intervals

AGES = [5, 5, 6, 7, 7, 7, 8, 13, 14, 14]
GROUPS = ["[0, 7)", "[7, 14)", "[14, 21)"]


def group_of(age: int) -> str:
    return next(group for group in GROUPS if age < int(group.split(", ")[1][:-1]))


children = pd.DataFrame({"child": [f"dziecko {number}" for number in range(1, 11)], "age": AGES, "county": ["0201"] * 10})
named = generate_intervals(AGES, 0, 21, 7)
hierarchies = {
    "age": {0: children["age"].to_numpy(), 1: named, 2: ["*"] * 10},
    "county": {0: children["county"].to_numpy()},
}
published = k_anonymity(children, ["child"], ["age", "county"], 2, 20, hierarchies)
counted = published["age"].value_counts().to_dict()
right = pd.Series([group_of(age) for age in AGES]).value_counts().to_dict()
print("anjana", version("anjana"))
print("age and group:", dict(zip(AGES, named, strict=True)))
print("children of each group, published:", {group: counted.get(group, 0) for group in GROUPS})
print("children of each group, counted:  ", {group: right[group] for group in GROUPS})
shifted = generate_intervals(AGES, -0.5, 20.5, 7)
print("with bounds half a year lower:", dict(zip(AGES, shifted, strict=True)))

assert dict(zip(AGES, named, strict=True))[7] == "[0, 7)", "seven is not below seven now"
assert dict(zip(AGES, named, strict=True))[14] == "[7, 14)", "fourteen is not below fourteen now"
assert generate_intervals([0], 0, 21, 7) == ["[0, 7)"]
assert right == {"[0, 7)": 3, "[7, 14)": 5, "[14, 21)": 2}
assert counted == {"[0, 7)": 6, "[7, 14)": 4}, "the groups hold other children now"
assert [shifted.index(name) for name in dict.fromkeys(shifted)] == [0, 3, 8], "shifted bounds cut elsewhere now"
PYTHON
