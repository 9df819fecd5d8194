#!/usr/bin/env bash
# weightipy: a group that the sample has right vanishes from the projection.
# Expected: `Rim(total=3000)` scales the weights so that they add up to 3000 children; scaling changes no
#   share, so the shares stay the targets ("aligns your dataset's distribution with specific targets",
#   README; validate_scheme_dict has nothing to say against the scheme).
# Happens: before scaling, each weight that is exactly 1 is taken for "not weighted" and is left at 1.
#   These are the children of groups that need no correction. In the sample below the 25 young people
#   who are 25 % of the county become 25 of 3025. A sample that meets all targets gets weights of 0.
# Why here: the one age group that was sampled well would be lost from an estimate for the county.
# Seen in: weightipy 0.4.2 with pandas 2.3.3.
# So: leave `total` out and multiply the weights yourself by total / sum of weights.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check weightipy==0.4.2 pandas==2.3.3 numpy==2.4.6
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

import pandas as pd
import weightipy

TOTAL = 3000
TARGETS = {"wiek": {"6-9": 40.0, "10-14": 35.0, "15-17": 25.0}}


def sums(sample: dict[str, int], targets: dict[str, dict[str, float]], **settings: int) -> dict[str, float]:
    """Weigh a sample, given as children per group. Return the sum of weights per group."""
    children = pd.DataFrame({"wiek": [group for group, count in sample.items() for _ in range(count)]})
    assert weightipy.validate_scheme_dict(children, targets, raise_error=False).empty
    scheme = weightipy.scheme_from_dict(targets, rim_params=settings)
    weighted = weightipy.weight_dataframe(children, scheme, weight_column="waga")
    return {group: round(float(weighted.waga[weighted.wiek == group].sum()), 6) for group in sample}


print("weightipy", version("weightipy"), "pandas", version("pandas"))
sample = {"6-9": 45, "10-14": 30, "15-17": 25}
plain, scaled = sums(sample, TARGETS), sums(sample, TARGETS, total=TOTAL)
expected = {group: share * TOTAL / 100 for group, share in TARGETS["wiek"].items()}
print("without a total:", plain)
print("expected of 3000:", expected)
print("seen of 3000:   ", scaled, "together", sum(scaled.values()))
assert plain == TARGETS["wiek"]
assert scaled == {"6-9": 1600, "10-14": 1400, "15-17": 25}, "a weight of 1 is scaled now"

all_right = sums({"6-9": 40, "10-14": 35, "15-17": 25}, TARGETS, total=TOTAL)
print("a sample that meets all targets:", all_right)
assert all_right == {"6-9": 0, "10-14": 0, "15-17": 0}, "a sample that meets all targets is scaled now"
PYTHON
