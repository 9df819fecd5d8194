#!/usr/bin/env bash
# reliabilipy: answers that contradict each other have a high alpha.
# Expected: Cronbach's alpha follows the sign of the correlations (Cronbach 1951): items that nobody has
#   turned round make it low or negative, and items that have nothing to do with each other bring it near
#   zero. It is the same whether answers or their correlations are given (README, "Quick Start", both ways).
# Happens: given answers (`raw_dataset`), the package drops the sign of every correlation. Six items, three
#   of them not turned round, have an alpha of 0.87 instead of -1.39; ten random items of 30 children have
#   0.63 instead of 0.14. Given the correlations of the same answers, it keeps the sign.
# Why here: alpha is looked at to find the item that was scored the wrong way round, and it hides just that.
# Seen in: reliabilipy 0.0.36 with factor-analyzer 0.5.1 and scikit-learn 1.5.2 (1.9.1 is too new for it).
# So: give `correlations_matrix=answers.corr()`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check reliabilipy==0.0.36 factor-analyzer==0.5.1 scikit-learn==1.5.2 pandas==2.3.3 numpy==2.4.6 scipy==1.17.1
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
from importlib.metadata import version

import numpy as np
import pandas as pd
from reliabilipy import reliability_analysis


def fitted(**settings: object) -> float:
    analysis = reliability_analysis(**settings)
    analysis.fit()
    return round(float(analysis.alpha_cronbach), 2)


def by_hand(answers: pd.DataFrame) -> float:
    """Standardised alpha: from the mean correlation of the items."""
    items, total = answers.shape[1], answers.corr().to_numpy().sum()
    return round(float(items / (items - 1) * (1 - items / total)), 2)


random = np.random.default_rng(7)
unrelated = pd.DataFrame(random.integers(0, 4, (30, 10)).astype(float))
trait = random.normal(size=(200, 1))
scale = pd.DataFrame(np.clip(np.round(1.5 + trait + 0.8 * random.normal(size=(200, 6))), 0, 3))
half_turned = scale.copy()
half_turned[[3, 4, 5]] = 3 - half_turned[[3, 4, 5]]

print(*(f"{name} {version(name)}" for name in ("reliabilipy", "factor-analyzer", "scikit-learn")), sep=", ")
alphas = {}
for name, answers in {"a good scale": scale, "half of it turned round": half_turned, "unrelated items": unrelated}.items():
    seen = fitted(raw_dataset=answers, is_corr_matrix=False)
    alphas[name] = by_hand(answers), fitted(correlations_matrix=answers.corr()), seen
    print("{:25} by hand {:5.2f}, from correlations {:5.2f}, from answers {:5.2f}".format(name, *alphas[name]))

assert alphas["a good scale"] == (0.87, 0.87, 0.87)
assert alphas["half of it turned round"] == (-1.39, -1.39, 0.87), "the sign of a correlation counts now"
assert alphas["unrelated items"] == (0.14, 0.14, 0.63), "the sign of a correlation counts now"
PYTHON
