"""A study's sections, each computed or refused with the reason. Works in a process of its own."""

import json
from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from services.screening.campaigns.rules.disclosure import FEW
from services.screening.studies.rules import plots
from services.screening.studies.rules.agreement import icc_2_1
from services.screening.studies.rules.criterion import (
    Roc,
    accuracy,
    area,
    best_cut,
    confusion,
    predictive_values,
    roc,
)
from services.screening.studies.rules.estimates import (
    TooFew,
    plain,
    proportion,
    require,
)
from services.screening.studies.rules.groups import dif_section
from services.screening.studies.rules.items import characteristics, item_statistics
from services.screening.studies.rules.kinds import LEAST_OF_EACH, Section
from services.screening.studies.rules.pairs import (
    agreement_section,
    paired,
    pairs_needed,
    retests,
)
from services.screening.studies.rules.reliability import complete, reliability
from services.screening.studies.rules.sample import (
    Numbers,
    Row,
    Sample,
    item_scores,
    raw_scores,
    read_sample,
)
from services.screening.studies.rules.sampling import sampling_section
from services.screening.studies.rules.verification import Verified, corrected

Facts = dict[str, Any]
PREVALENCES = (0.01, 0.05, 0.10, 0.20, 0.50)


def run_study(stream: BinaryIO) -> bytes:
    """The results of a study as JSON: `n`, the sections, the plots."""
    sample = read_sample(stream)
    return json.dumps(results_of(sample), ensure_ascii=False, allow_nan=False).encode()


def results_of(sample: Sample) -> Facts:
    """Every section and every plot of what could be computed, and whom the sample is of."""
    scores = item_scores(sample)
    sections: Facts = {
        Section.SAMPLING: _tried(lambda: sampling_section(sample)),
        Section.RELIABILITY: _tried(lambda: reliability_section(sample, scores)),
        Section.ITEMS: _tried(lambda: items_section(sample, scores)),
        Section.CRITERION: _tried(lambda: criterion_section(sample)),
        Section.AGREEMENT: _tried(lambda: agreement_section(sample)),
        Section.DIF: _tried(lambda: dif_section(sample, scores)),
    }
    found = plain(sections)
    ages = [row["age"] for row in sample.rows]
    drawn = plots.plots_of(found, ages)
    return {
        "n": len(sample.rows),
        "digests": digests_of(sample),
        "sections": found,
        "plots": drawn,
    }


def digests_of(sample: Sample) -> dict[str, int]:
    """A number for all that is read of each child, which is another when any of it is."""
    read = {row["subject"]: blake2b(digest_size=8) for row in sample.rows}
    for row in (*sample.rows, *sample.others):
        if row["subject"] in read:
            read[row["subject"]].update(json.dumps(row, sort_keys=True).encode())
    return {
        child: int.from_bytes(told.digest(), signed=True)
        for child, told in sorted(read.items())
    }


def _tried(compute: Callable[[], Facts]) -> Facts:
    try:
        return {"status": "computed"} | compute()
    except TooFew as few:
        return {"status": "refused"} | few.refusal._asdict()


def reliability_section(sample: Sample, scores: Numbers) -> Facts:
    """Internal consistency of the scale's items, and what a second time says."""
    require("items", 2, len(sample.items))
    require("complete_answers", sample.task.minimum_n, len(complete(scores)))
    found = reliability(scores)
    first, second = retests(sample)
    pairs = paired(first, second, sample.task.scale)
    retest: Facts = {"n": len(pairs)}
    if len(pairs) >= pairs_needed(sample):
        retest["icc_2_1"] = icc_2_1(pairs)
    else:
        retest = {"refused": {"reason": "retest_pairs", "needed": pairs_needed(sample)}}
    return found | {"test_retest": retest}


def items_section(sample: Sample, scores: Numbers) -> Facts:
    """Statistics and characteristics of every item."""
    require("items", 2, len(sample.items))
    require("complete_answers", sample.task.minimum_n, len(complete(scores)))
    codes, lowest, highest = sample.scored
    return {
        "n": len(scores),
        "items": item_statistics(codes, scores, lowest, highest),
        "characteristics": characteristics(codes, scores, lowest, highest),
    }


def criterion_section(sample: Sample) -> Facts:
    """The outcome and the raw figure against the criterion: of the verified alone, and corrected for the others."""
    determined = [
        row for row in sample.rows if row["outcome"] in {"positive", "negative"}
    ]
    verified = [
        row for row in determined if row["criterion"] in {"positive", "negative"}
    ]
    require("verified", sample.task.minimum_n, len(verified))
    ill = np.array([row["criterion"] == "positive" for row in verified])
    require("with_the_condition", LEAST_OF_EACH, int(ill.sum()))
    require("without_the_condition", LEAST_OF_EACH, int((~ill).sum()))
    table = confusion(np.array([row["outcome"] == "positive" for row in verified]), ill)
    found = accuracy(table)
    by_outcome = [
        _verified(determined, outcome) for outcome in ("positive", "negative")
    ]
    try:
        correction: Facts = corrected(*by_outcome)
        best, taken = correction["corrected"], "corrected"
    except TooFew as few:
        correction, best, taken = {"refused": few.refusal}, found, "naive"
    se, sp = best["sensitivity"].value, best["specificity"].value
    asked = [*dict.fromkeys((*sample.task.prevalences, *PREVALENCES))]
    return {
        "n": len(sample.rows),
        "verified": len(verified),
        "undetermined": len(sample.rows) - len(determined),
        "missing_criterion": proportion(
            len(determined) - len(verified), len(determined)
        ),
        "age_months": {"lowest": min(_ages(sample)), "highest": max(_ages(sample))},
        "naive": found,
        "partial_verification": correction,
        "at_prevalence_by": taken,
        "at_prevalence": [_at(se, sp, prevalence) for prevalence in sorted(asked)],
        "roc": _roc(sample, verified, ill),
    }


def _at(sensitivity: float, specificity: float, prevalence: float) -> Facts:
    ppv, npv = predictive_values(sensitivity, specificity, prevalence)
    return {"prevalence": prevalence, "ppv": ppv, "npv": npv}


def _ages(sample: Sample) -> list[int]:
    return [row["age"] for row in sample.rows]


def _verified(rows: Sequence[Row], outcome: str) -> Verified:
    of_it = [row["criterion"] for row in rows if row["outcome"] == outcome]
    ill = of_it.count("positive")
    return Verified(len(of_it), ill + of_it.count("negative"), ill)


def apart(curve: Roc, ill: int, well: int) -> NDArray[np.int64]:
    """The points of a curve, of which each has no few children more than the one before; both ends."""
    below = np.round(curve.true_positives * ill + curve.false_positives * well)
    chosen = [0]
    for place, children in enumerate(below):
        if children - below[chosen[-1]] >= FEW:
            chosen.append(place)
    last = len(below) - 1
    if chosen[-1] != last:
        chosen[-1 if len(chosen) > 1 else len(chosen) :] = [last]
    return np.array(chosen)


def _roc(sample: Sample, verified: Sequence[Row], ill: NDArray[np.bool_]) -> Facts:
    """The curve of the raw figure, of the verified whose figure can be said."""
    raw = raw_scores(verified, sample.task.scale)
    told = ~np.isnan(raw)
    risk, ill = raw[told] * sample.risk_sign, ill[told]
    if min(ill.sum(), (~ill).sum()) < LEAST_OF_EACH:
        return {"refused": {"reason": "raw_scores", "needed": LEAST_OF_EACH}}
    curve = roc(risk, ill)
    best = best_cut(curve)
    chosen = apart(curve, int(ill.sum()), int((~ill).sum()))
    points = np.column_stack(
        [curve.cuts * sample.risk_sign, curve.true_positives, curve.false_positives]
    )[chosen]
    return {
        "n": len(risk),
        "auc": area(risk, ill),
        "positive_is": "at_or_above" if sample.risk_sign > 0 else "at_or_below",
        "best_cut": best | {"cut": best["cut"] * sample.risk_sign},
        "points": [
            dict(zip(("cut", "sensitivity", "false_positive_rate"), point, strict=True))
            for point in points
        ],
    }
