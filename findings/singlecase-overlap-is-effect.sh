#!/usr/bin/env bash
# singlecase: every session that beats the child's worst day counts as an effect.
# Expected: PND is the share of sessions of the second phase beyond the most extreme session of the
#   first: above its highest where more is better, below its lowest where less is better (Scruggs,
#   Mastropieri & Casto 1987, "The quantitative synthesis of single-subject research"; the same words are
#   in the manual of the R package SingleCaseES, `PND`). The docstring says "Percent Non-overlapping Data".
# Happens: `pnd` compares with the other end: the lowest session of the baseline where more is better,
#   the highest where less is better. A child who never beats the baseline has a PND of 100, and a child
#   who got worse can have 100 too. `nap` of the same data is right.
# Why here: 70 and more is read as "effective", so a therapy that changed nothing would be kept.
# Seen in: singlecase 0.2.2 with pandas 2.3.3.
# So: count it yourself, as `by_hand` below does, or report `nap`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check singlecase==0.2.2 pandas==2.3.3 numpy==2.4.6
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

from singlecase.data import Data
from singlecase.effectsize import nap, pnd

# Words a child says in a session, and fits of anger in a week: baseline (A), then therapy (B).
CASES = {
    "words, no better than on the best day": ([2.0, 9.0, 4.0], [5.0, 6.0, 7.0, 8.0], False),
    "words, fewer than before": ([1.0, 9.0, 8.0], [2.0, 3.0, 2.0, 3.0], False),
    "fits, no fewer than in the best week": ([8.0, 1.0, 7.0], [6.0, 5.0, 4.0, 3.0], True),
    "words, more than ever": ([2.0, 3.0, 2.0], [5.0, 6.0, 7.0, 8.0], False),
}


def by_hand(before: list[float], after: list[float], decreasing: bool) -> float:
    beyond = [v < min(before) if decreasing else v > max(before) for v in after]
    return 100 * sum(beyond) / len(after)


print("singlecase", version("singlecase"), "pandas", version("pandas"))
measured = {}
for name, (before, after, decreasing) in CASES.items():
    data = Data({"phase": ["A"] * len(before) + ["B"] * len(after), "score": before + after})
    expected, seen = by_hand(before, after, decreasing), float(pnd(data, decreasing=decreasing)["score"])
    pairs = float(nap(data, decreasing=decreasing)["score"])
    print(f"{name:40} PND expected {expected:5.0f}  seen {seen:5.0f}  NAP {pairs:.2f}")
    measured[name] = expected, seen
    beyond = sum(b < a if decreasing else b > a for a in before for b in after)
    assert abs(pairs - beyond / (len(before) * len(after))) < 1e-9, "NAP is counted in another way now"

assert measured["words, more than ever"] == (100, 100)
for name in list(CASES)[:3]:
    assert measured[name] == (0, 100), "PND looks at the right end of the baseline now"
PYTHON
