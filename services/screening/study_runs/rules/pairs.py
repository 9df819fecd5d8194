"""Children who were screened twice: a second time by the same informant, or by another one."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from services.screening.campaigns.rules.disclosure import FEW
from services.screening.study_runs.rules.agreement import (
    agreement,
    cross_table,
    icc_2_1,
    limits_of_agreement,
)
from services.screening.study_runs.rules.estimates import (
    Numbers,
    Results,
    TooFew,
    require,
)
from services.screening.study_runs.rules.reliability import complete
from services.screening.study_runs.rules.sample import (
    Row,
    Sample,
    raw_scores,
    scale_result,
)

LEAST_PAIRS = 30
MOST_POINTS = 200
OUTCOMES = {"negative": 0, "undetermined": 1, "positive": 2}


class Pairs(NamedTuple):
    """The first and the second screening of each child that has both, in the same order."""

    first: list[Row]
    second: list[Row]


def pairs_needed(sample: Sample) -> int:
    """How many children screened twice a comparison needs."""
    return min(LEAST_PAIRS, sample.task.minimum_n)


def retests(sample: Sample) -> Pairs:
    """The first screening and the next on a later day by the same informant with the same form."""
    return _pairs(
        sample,
        lambda one, other: (
            one["form"] == other["form"]
            and one["informant"] == other["informant"]
            # Answers of the same day are no second measurement.
            and one["on"] < other["on"]
        ),
    )


def other_informants(sample: Sample) -> Pairs:
    """The first screening and the first by an informant of another kind, with whatever form."""
    return _pairs(sample, lambda one, other: one["informant"] != other["informant"])


def _pairs(sample: Sample, fits: Callable[[Row, Row], bool]) -> Pairs:
    second: dict[str, Row] = {}
    first = {row["subject"]: row for row in sample.rows}
    for row in sample.others:
        subject = row["subject"]
        if subject in first and subject not in second and fits(first[subject], row):
            second[subject] = row
    return Pairs([first[subject] for subject in second], [*second.values()])


def paired_scores(pairs: Pairs, scale: str) -> Numbers:
    """The raw scores of both screenings, children × 2, of those who have both."""
    columns = [raw_scores(pairs.first, scale), raw_scores(pairs.second, scale)]
    return complete(np.column_stack(columns))


def agreement_section(sample: Sample) -> Results:
    """How far two screenings by one informant, and by two, agree.

    Refused when neither can be computed.
    """
    section: Results = {}
    refusal = None
    for name, pairs in (
        ("test_retest", retests(sample)),
        ("between_informants", other_informants(sample)),
    ):
        try:
            require("pairs", pairs_needed(sample), len(pairs.first))
            section[name] = _compared(sample, pairs)
        except TooFew as too_few:
            section[name], refusal = {"refused": too_few.refusal}, too_few
    if refusal is not None and all("refused" in one for one in section.values()):
        raise refusal
    return section


def _compared(sample: Sample, pairs: Pairs) -> Results:
    scores = paired_scores(pairs, sample.task.scale)
    require("raw_scores", pairs_needed(sample), len(scores))
    outcomes = _table(pairs, OUTCOMES, lambda row: row["outcome"])
    return {
        "n": len(pairs.first),
        "kappa_of_outcome": agreement(outcomes),
        **_kappas_of_band(sample, pairs),
        "icc_2_1": icc_2_1(scores),
        "limits_of_agreement": limits_of_agreement(scores[:, 0], scores[:, 1]),
        "median_days_between": _median_days(pairs),
        "points": _points(scores),
    }


def _kappas_of_band(sample: Sample, pairs: Pairs) -> Results:
    """Kappas of the scale's bands, of the pairs whose bands are of the one set.

    Empty where it has fewer than two; refused where its cut-offs have different sets, or
    too few pairs are of theirs.
    """
    scale, order = sample.task.scale, _bands(sample)
    if order is not None and len(order) < 2:
        return {}
    table = _table(pairs, order or {}, lambda row: scale_result(row, scale).get("band"))
    try:
        require("common_bands", pairs_needed(sample), int(table.sum()))
    except TooFew as too_few:
        refused = {"refused": too_few.refusal}
        return dict.fromkeys(("kappa_of_band", "weighted_kappa_of_band"), refused)
    return {
        "kappa_of_band": agreement(table),
        # Quadratic weights, with which kappa is comparable to the ICC (Fleiss and Cohen
        # 1973).
        "weighted_kappa_of_band": agreement(table, "quadratic"),
    }


def _points(scores: Numbers) -> list[Results]:
    """Means and differences of groups of like means: a point of one child would be its scores."""
    means, differences = scores.mean(axis=1), scores[:, 0] - scores[:, 1]
    number = min(MOST_POINTS, max(1, len(scores) // FEW))
    groups = np.array_split(np.argsort(means, kind="stable"), number)
    return [
        {
            "mean": means[group].mean(),
            "difference": differences[group].mean(),
            "n": len(group),
        }
        for group in groups
    ]


def _median_days(pairs: Pairs) -> float:
    days = [
        abs((_day(second) - _day(first)).days)
        for first, second in zip(*pairs, strict=True)
    ]
    return float(np.median(days))


def _day(row: Row) -> date:
    return date.fromisoformat(row["on"])


def _bands(sample: Sample) -> Mapping[str, int] | None:
    """The bands of the scale from the lowest upwards; empty without any.

    None where the cut-offs of different children have different ones.
    """
    scale = sample.task.scale
    sets = {
        tuple(band.code for band in cut.bands)
        for cut in sample.definition.cut_offs
        if cut.scale == scale
    }
    if len(sets) > 1:
        return None
    return {code: number for codes in sets for number, code in enumerate(codes)}


def _table(
    pairs: Pairs, order: Mapping[str, int], category: Callable[[Row], Any]
) -> Numbers:
    """Counts of pairs of categories, numbered by `order`, of those who have both."""
    named = [(category(one), category(two)) for one, two in zip(*pairs, strict=True)]
    numbers = [
        (order[one], order[two]) for one, two in named if one in order and two in order
    ]
    first, second = np.array(numbers, int).reshape(-1, 2).T
    return cross_table(first, second, len(order))
