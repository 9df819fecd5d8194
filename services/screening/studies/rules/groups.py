"""Items by groups of children: whether any works otherwise for some of them."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.screening.campaigns.rules.disclosure import FEW
from services.screening.studies.rules.dif import (
    logistic,
    mantel,
    mantel_haenszel,
    tables_by_level,
)
from services.screening.studies.rules.estimates import TooFew, require
from services.screening.studies.rules.kinds import Grouping
from services.screening.studies.rules.sample import Numbers, Sample

Facts = dict[str, Any]


def dif_section(sample: Sample, scores: Numbers) -> Facts:
    """Every item by each grouping asked for; refused when no grouping has enough in both groups."""
    require("items", 3, len(sample.items))
    groupings: Facts = {}
    few = None
    for name in sample.task.dif_by:
        try:
            groupings[name] = _by_group(sample, scores, Grouping(name))
        except TooFew as refused:
            groupings[name], few = {"refused": refused.refusal}, refused
    if few is not None and all("refused" in one for one in groupings.values()):
        raise few
    return {"groupings": groupings}


def _by_group(sample: Sample, scores: Numbers, by: Grouping) -> Facts:
    whole = ~np.isnan(scores).any(axis=1)
    words, focal_word, reference_word = _groups(sample, by)
    chosen = whole & np.isin(words, [focal_word, reference_word])
    kept, focal = scores[chosen], words[chosen] == focal_word
    others = int(whole.sum() - chosen.sum())
    if (
        0 < others < FEW
    ):  # how many these are would follow from the groups and the whole
        raise TooFew("other_children", FEW)
    for group, reason in ((focal, "focal_group"), (~focal, "reference_group")):
        require(reason, sample.task.minimum_n, int(group.sum()))
    codes, lowest, highest = sample.scored
    sums = kept.sum(axis=1)
    level = np.unique(sums, return_inverse=True)[1]
    passed = kept >= (lowest + highest) / 2
    regressions = logistic(passed, focal, sums)
    found = []
    for index, code in enumerate(codes):
        two_valued = len(np.unique(kept[:, index])) <= 2
        tables = tables_by_level(passed[:, index], focal, level)
        of_item: Facts = {
            "item": code,
            "is_dichotomous": two_valued,
            "logistic": regressions[index],
        }
        if two_valued:
            of_item["mantel_haenszel"] = mantel_haenszel(tables)
        else:
            of_item["mantel"] = mantel(kept[:, index], focal, level)
        found.append(of_item)
    return {
        "focal": focal_word,
        "reference": reference_word,
        "focal_n": int(focal.sum()),
        "reference_n": int((~focal).sum()),
        "matching": "sum_of_items",
        "items": found,
    }


def _groups(sample: Sample, by: Grouping) -> tuple[NDArray[np.str_], str, str]:
    """Each child's group, and which is focal and which reference."""
    if by == Grouping.SEX:
        return np.array([row["sex"] for row in sample.rows]), "female", "male"
    if by == Grouping.AGE:
        ages = np.array([row["age"] for row in sample.rows])
        middle = math.ceil(float(np.median(ages)))
        return np.where(
            ages < middle, f"below_{middle}_months", f"from_{middle}_months"
        ), *_named(middle)
    informants = np.array([row["informant"] for row in sample.rows])
    names, counts = np.unique(informants, return_counts=True)
    require("informants", 2, len(names))
    reference, focal = names[np.argsort(-counts, kind="stable")[:2]]
    return informants, str(focal), str(reference)


def _named(middle: int) -> tuple[str, str]:
    return f"below_{middle}_months", f"from_{middle}_months"
