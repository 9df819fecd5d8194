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
    """The number of children with two screenings that a comparison needs."""
    return min(LEAST_PAIRS, sample.task.minimum_n)


def retests(sample: Sample) -> Pairs:
    """The first screening, and the next one on a later day by the same informant with
    the same form.
    """
    return _pairs(
        sample,
        lambda earlier, later: (
            earlier["form"] == later["form"]
            and earlier["informant"] == later["informant"]
            # Answers of the same day are not a second measurement.
            and earlier["on"] < later["on"]
        ),
    )


def other_informants(sample: Sample) -> Pairs:
    """The first screening, and the first one by another kind of informant, with any form."""
    return _pairs(
        sample, lambda earlier, later: earlier["informant"] != later["informant"]
    )


def _pairs(sample: Sample, fits: Callable[[Row, Row], bool]) -> Pairs:
    second: dict[str, Row] = {}
    first = {row["subject"]: row for row in sample.rows}
    for row in sample.others:
        subject = row["subject"]
        if subject in first and subject not in second and fits(first[subject], row):
            second[subject] = row
    return Pairs([first[subject] for subject in second], [*second.values()])


def paired_scores(pairs: Pairs, scale: str) -> Numbers:
    """The raw scores of both screenings (children × 2), of children who have both."""
    columns = [raw_scores(pairs.first, scale), raw_scores(pairs.second, scale)]
    return complete(np.column_stack(columns))


def agreement_section(sample: Sample) -> Results:
    """The agreement of two screenings by one informant, and by two informants.

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
            section[name] = _compare_pairs(sample, pairs)
        except TooFew as too_few:
            section[name], refusal = {"refused": too_few.refusal}, too_few
    if refusal is not None and all("refused" in part for part in section.values()):
        raise refusal
    return section


def _compare_pairs(sample: Sample, pairs: Pairs) -> Results:
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
    """Kappas of the scale's bands, from pairs whose bands are of the same set.

    Empty if the scale has fewer than two bands; refused if its cut-offs have different
    sets of bands, or if too few pairs have bands of the set.
    """
    scale, order = sample.task.scale, _bands(sample)
    if order is not None and len(order) < 2:
        return {}
    table = _table(pairs, order or {}, lambda row: scale_result(row, scale).get("band"))
    try:
        require("common_bands", pairs_needed(sample), int(table.sum()))
    except TooFew as too_few:
        refusal = {"refused": too_few.refusal}
        return dict.fromkeys(("kappa_of_band", "weighted_kappa_of_band"), refusal)
    return {
        "kappa_of_band": agreement(table),
        # Quadratic weights, with which kappa is comparable to the ICC (Fleiss
        # and Cohen 1973).
        "weighted_kappa_of_band": agreement(table, "quadratic"),
    }


def _points(scores: Numbers) -> list[Results]:
    """Means and differences of groups with similar means: a point of one child would
    show its scores.
    """
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

    None if cut-offs for different children have different bands.
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
    """Counts of pairs of categories, numbered by `order`; pairs without both categories
    are left out.
    """
    categories = [
        (category(one), category(two)) for one, two in zip(*pairs, strict=True)
    ]
    numbers = [
        (order[one], order[two])
        for one, two in categories
        if one in order and two in order
    ]
    first, second = np.array(numbers, int).reshape(-1, 2).T
    return cross_table(first, second, len(order))
