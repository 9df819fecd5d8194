"""A validation study by the libraries alone, in a process of its own: `FILE` of rows as they were imported, with the
criterion in an extra column. Prints the figures, and the seconds of their computation, as JSON.
"""

import json
import sys
import time
from typing import Any

import numpy as np
import pandas as pd
import pingouin
from numpy.typing import NDArray
from scipy import stats
from statsmodels.discrete.discrete_model import Logit
from statsmodels.multivariate.factor import Factor
from statsmodels.stats.proportion import proportion_confint

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
CUT, HIGHEST = 90, 3


def reliability(scores: pd.DataFrame) -> dict[str, float]:
    """Alpha, and omega of one factor."""
    alpha, _ = pingouin.cronbach_alpha(data=scores)
    loadings = Factor(scores.to_numpy(), n_factor=1, method="ml").fit().loadings[:, 0]
    spread = scores.std(ddof=1).to_numpy()
    common = float((spread * loadings).sum()) ** 2
    omega = common / (common + float((spread**2 * (1 - loadings**2)).sum()))
    return {"alpha": alpha, "omega": omega}


def items(scores: pd.DataFrame) -> dict[str, list[float]]:
    """The correlation of each item with the sum of the others, and alpha without the item."""
    total, columns = scores.sum(axis=1), {"corrected_item_total": list[float](), "alpha_if_deleted": list[float]()}
    for name in scores:
        columns["corrected_item_total"].append(float(stats.pearsonr(scores[name], total - scores[name])[0]))
        rest = np.cov(scores.drop(columns=name).to_numpy(), rowvar=False)
        k = len(rest)
        columns["alpha_if_deleted"].append(k / (k - 1) * (1 - float(np.trace(rest) / rest.sum())))
    return columns


def criterion(total: Numbers, ill: Flags) -> dict[str, float]:
    """The area under the ROC curve, and the 2 × 2 table."""
    of_ill, of_well = total[ill], total[~ill]
    area = stats.mannwhitneyu(of_ill, of_well).statistic / (len(of_ill) * len(of_well))
    positive = total >= CUT
    sensitivity, specificity = float((positive & ill).sum() / ill.sum()), float((~positive & ~ill).sum() / (~ill).sum())
    low, high = proportion_confint((positive & ill).sum(), ill.sum(), method="wilson")
    return {"area": float(area), "sensitivity": sensitivity, "low": low, "high": high, "specificity": specificity}


def differential(scores: pd.DataFrame, total: Numbers, focal: Flags) -> dict[str, list[float]]:
    """Mantel's chi-square of each item by levels of the sum, and the chi-squares of its logistic regressions."""
    level = np.unique(total, return_inverse=True)[1]
    standard = (total - total.mean()) / total.std()
    plain = np.column_stack([np.ones(len(total)), standard])
    uniform = np.column_stack([plain, focal])
    full = np.column_stack([uniform, standard * focal])
    columns: dict[str, list[float]] = {"mantel": [], "uniform": [], "nonuniform": []}
    for name in scores:
        columns["mantel"].append(_mantel(scores[name].to_numpy(), focal, level))
        is_high = (scores[name] >= HIGHEST / 2).to_numpy(float)
        likelihoods = [Logit(is_high, predictors).fit(disp=0).llf for predictors in (plain, uniform, full)]
        columns["uniform"].append(2 * (likelihoods[1] - likelihoods[0]))
        columns["nonuniform"].append(2 * (likelihoods[2] - likelihoods[1]))
    return columns


def _mantel(scores: Numbers, focal: Flags, level: NDArray[np.int64]) -> float:
    rows = pd.DataFrame({"score": scores, "square": scores**2, "focal": focal, "of_focal": scores * focal})
    sums = rows.groupby(level).sum()
    n = np.bincount(level)
    f, r = sums["focal"].to_numpy(float), n - sums["focal"].to_numpy(float)
    both = (f > 0) & (r > 0)
    n, f, r, sums = n[both], f[both], r[both], sums[both]
    off = float((sums["of_focal"] - f * sums["score"] / n).sum())
    return off**2 / float((f * r * (n * sums["square"] - sums["score"] ** 2) / (n**2 * (n - 1))).sum())


def study(file: str) -> dict[str, Any]:
    """Every figure of the study."""
    rows = pd.read_csv(file)
    scores = rows.filter(regex="^I[0-9]{2}$").astype(float)
    total = scores.sum(axis=1).to_numpy()
    groups = {"sex": rows["sex"] == "female", "age": rows["age_months"] < np.ceil(rows["age_months"].median())}
    return {
        "n": len(rows),
        "reliability": reliability(scores),
        "items": items(scores),
        "criterion": criterion(total, (rows["criterion"] == "positive").to_numpy()),
        "dif": {name: differential(scores, total, focal.to_numpy()) for name, focal in groups.items()},
    }


if __name__ == "__main__":
    started = time.perf_counter()
    figures = study(sys.argv[1])
    sys.stdout.write(json.dumps(figures | {"seconds": time.perf_counter() - started}) + "\n")
