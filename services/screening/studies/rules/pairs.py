"""Children who were screened twice: a second time by the same informant, or by another one."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from services.screening.campaigns.rules.disclosure import FEW
from services.screening.studies.rules.agreement import (
    cross_table,
    icc_2_1,
    kappa,
    limits_of_agreement,
)
from services.screening.studies.rules.estimates import TooFew, require
from services.screening.studies.rules.kinds import LEAST_PAIRS
from services.screening.studies.rules.reliability import complete
from services.screening.studies.rules.sample import (
    Numbers,
    Row,
    Sample,
    figure,
    raw_scores,
    scale_called,
)

Facts = dict[str, Any]
MOST_POINTS = 200


def pairs_needed(sample: Sample) -> int:
    """How many children seen twice a comparison needs."""
    return min(LEAST_PAIRS, sample.task.minimum_n)


def retests(sample: Sample) -> tuple[list[Row], list[Row]]:
    """The first screening and the next on a later day by the same informant with the same form."""
    return _twice(
        sample,
        lambda one, other: (
            one["form"] == other["form"]
            and one["informant"] == other["informant"]
            and one["on"] < other["on"]
        ),
    )


def other_informants(sample: Sample) -> tuple[list[Row], list[Row]]:
    """The first screening and the first by somebody of another kind, with whatever form of the instrument."""
    return _twice(sample, lambda one, other: one["informant"] != other["informant"])


def _twice(
    sample: Sample, fits: Callable[[Row, Row], bool]
) -> tuple[list[Row], list[Row]]:
    second: dict[str, Row] = {}
    first = {row["subject"]: row for row in sample.rows}
    for row in sample.others:
        subject = row["subject"]
        if subject in first and subject not in second and fits(first[subject], row):
            second[subject] = row
    return [first[subject] for subject in second], [*second.values()]


def paired(first: Sequence[Row], second: Sequence[Row], scale: str) -> Numbers:
    """The raw figures of both times, of those who have both."""
    raw = np.column_stack([raw_scores(first, scale), raw_scores(second, scale)])
    return complete(raw)


def agreement_section(sample: Sample) -> Facts:
    """How far a second time, and another informant, say the same; refused when neither can be told."""
    found: Facts = {}
    few = None
    for name, pairs in (
        ("test_retest", retests(sample)),
        ("between_informants", other_informants(sample)),
    ):
        try:
            require("pairs", pairs_needed(sample), len(pairs[0]))
            found[name] = _compared(sample, *pairs)
        except TooFew as refused:
            found[name], few = {"refused": refused.refusal}, refused
    if few is not None and all("refused" in one for one in found.values()):
        raise few
    return found


def _compared(sample: Sample, first: Sequence[Row], second: Sequence[Row]) -> Facts:
    scale = sample.task.scale
    outcomes = {"negative": 0, "undetermined": 1, "positive": 2}
    found: Facts = {
        "n": len(first),
        "kappa_of_outcome": kappa(
            _table(first, second, outcomes, lambda row: row["outcome"])
        ),
    }
    order = _bands(sample)
    if len(order) > 1:
        table = _table(first, second, order, lambda row: figure(row, scale).get("band"))
        if table.sum():
            found["kappa_of_band"] = kappa(table)
            found["weighted_kappa_of_band"] = kappa(table, "quadratic")
    pairs = paired(first, second, scale)
    require("raw_scores", pairs_needed(sample), len(pairs))
    days = [
        abs((_day(two) - _day(one)).days)
        for one, two in zip(first, second, strict=True)
    ]
    return found | {
        "icc_2_1": icc_2_1(pairs),
        "limits_of_agreement": limits_of_agreement(pairs[:, 0], pairs[:, 1]),
        "median_days_between": float(np.median(days)),
        "points": _points(pairs),
    }


def _points(pairs: Numbers) -> list[Facts]:
    """Means and differences of groups of children of like means: a point of one child would be that child's."""
    means, differences = pairs.mean(axis=1), pairs[:, 0] - pairs[:, 1]
    groups = np.array_split(
        np.argsort(means, kind="stable"), min(MOST_POINTS, max(1, len(pairs) // FEW))
    )
    return [
        {"mean": means[of].mean(), "difference": differences[of].mean(), "n": len(of)}
        for of in groups
    ]


def _day(row: Row) -> date:
    return date.fromisoformat(row["on"])


def _bands(sample: Sample) -> Mapping[str, int]:
    """The bands of the scale from the lowest upwards, as its first cut-offs name them."""
    scale = scale_called(sample.definition, sample.task.scale).code
    named = next(
        (cut.bands for cut in sample.definition.cut_offs if cut.scale == scale), []
    )
    return {band.code: number for number, band in enumerate(named)}


def _table(
    first: Sequence[Row],
    second: Sequence[Row],
    order: Mapping[str, int],
    word: Callable[[Row], Any],
) -> Numbers:
    words = [(word(one), word(two)) for one, two in zip(first, second, strict=True)]
    told = [
        (order[one], order[two]) for one, two in words if one in order and two in order
    ]
    pairs = np.array(told, int).reshape(-1, 2)
    return cross_table(pairs[:, 0], pairs[:, 1], len(order))
