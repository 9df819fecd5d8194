"""Differential item functioning of a sample by sex, age and informant."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.screening.campaigns.rules.disclosure import FEW
from services.screening.studies.rules import Grouping
from services.screening.study_runs.rules.dif import (
    mantel,
    mantel_haenszel,
    tables_by_level,
)
from services.screening.study_runs.rules.estimates import (
    Flags,
    Numbers,
    Results,
    TooFew,
    require,
)
from services.screening.study_runs.rules.logistic import logistic
from services.screening.study_runs.rules.sample import Sample, tied


def dif_section(sample: Sample, scores: Numbers) -> Results:
    """Every item by each grouping of the study.

    Refused when no grouping has enough children in both groups.
    """
    require("items", 3, len(sample.items))
    groupings: Results = {}
    refusal = None
    for name in sample.task.dif_by:
        try:
            groupings[name] = _by_group(sample, scores, Grouping(name))
        except TooFew as too_few:
            groupings[name], refusal = {"refused": too_few.refusal}, too_few
    if refusal is not None and all(
        "refused" in grouping for grouping in groupings.values()
    ):
        raise refusal
    return {"groupings": groupings}


class Groups(NamedTuple):
    """The group of each child, and which of them is focal and which reference.

    A child may belong to neither group.
    """

    of_children: NDArray[np.str_]
    focal: str
    reference: str


def _by_group(sample: Sample, scores: Numbers, by: Grouping) -> Results:
    """The statistics of every item, from the children of both groups who answered all items."""
    complete = ~np.isnan(scores).any(axis=1)
    groups = _groups(sample, by)
    names = [groups.focal, groups.reference]
    is_chosen = complete & np.isin(groups.of_children, names)
    focal = groups.of_children[is_chosen] == groups.focal
    focal_n, reference_n = int(focal.sum()), int((~focal).sum())
    others = int(complete.sum() - is_chosen.sum())
    # The number of children in neither group can be computed from the two groups and
    # the whole.
    if 0 < others < FEW:
        raise TooFew("other_children", FEW)
    # The minimum holds for each group: with few children an item may seem to
    # differ by chance.
    require("focal_group", sample.task.minimum_n, focal_n)
    require("reference_group", sample.task.minimum_n, reference_n)
    return {
        "focal": groups.focal,
        "reference": groups.reference,
        "focal_n": focal_n,
        "reference_n": reference_n,
        "matching": "sum_of_items",
        "items": _items(sample, scores[is_chosen], focal),
    }


def _items(sample: Sample, scores: Numbers, focal: Flags) -> list[Results]:
    """Each item compared between the groups; children are matched by the sum of all items."""
    codes, lowest, highest = sample.ranges
    sums = tied(scores.sum(axis=1))
    level = np.unique(sums, return_inverse=True)[1]
    # A logistic regression predicts yes or no: a child with at least half of an item's
    # points has passed it.
    passed = tied(scores) >= tied((lowest + highest) / 2)
    regressions = logistic(passed, focal, sums)
    items: list[Results] = []
    for place, code in enumerate(codes):
        of_item = scores[:, place]
        is_dichotomous = len(np.unique(of_item)) <= 2
        item: Results = {
            "item": code,
            "is_dichotomous": is_dichotomous,
            "logistic": regressions[place],
        }
        # Mantel and Haenszel compare 2 × 2 tables; Mantel's extension is for items with
        # more than two scores.
        if is_dichotomous:
            tables = tables_by_level(passed[:, place], focal, level)
            item["mantel_haenszel"] = mantel_haenszel(tables)
        else:
            item["mantel"] = mantel(of_item, focal, level)
        items.append(item)
    return items


def _groups(sample: Sample, by: Grouping) -> Groups:
    if by == Grouping.SEX:
        return Groups(np.array([row["sex"] for row in sample.rows]), "female", "male")
    if by == Grouping.AGE:
        return _groups_by_age(sample)
    informants = np.array([row["informant"] for row in sample.rows])
    names, counts = np.unique(informants, return_counts=True)
    require("informants", 2, len(names))
    # The two most frequent informants; equally frequent ones in the order
    # of their names.
    reference, focal = names[np.argsort(-counts, kind="stable")[:2]]
    return Groups(informants, str(focal), str(reference))


def _groups_by_age(sample: Sample) -> Groups:
    """The younger half of the children is the focal group, the older half the reference group."""
    ages = np.array([row["age"] for row in sample.rows])
    # Rounded up to a whole month, so that children of one age are in one group.
    middle = math.ceil(float(np.median(ages)))
    younger, older = f"below_{middle}_months", f"from_{middle}_months"
    return Groups(np.where(ages < middle, younger, older), younger, older)
