"""The results of a study: each section is computed, or refused with the reason.

This module runs in a separate process. Standard input has the task and the screenings,
standard output the results as JSON.
"""

import json
import sys
from collections.abc import Callable
from hashlib import blake2b
from typing import BinaryIO

from services.screening.study_runs.rules import plots
from services.screening.study_runs.rules.agreement import icc_2_1
from services.screening.study_runs.rules.estimates import (
    Numbers,
    Results,
    TooFew,
    plain,
    require,
)
from services.screening.study_runs.rules.groups import dif_section
from services.screening.study_runs.rules.items import characteristics, item_statistics
from services.screening.study_runs.rules.pairs import (
    agreement_section,
    paired_scores,
    pairs_needed,
    retests,
)
from services.screening.study_runs.rules.reliability import complete, reliability
from services.screening.study_runs.rules.sample import Sample, item_scores, read_sample
from services.screening.study_runs.rules.sampling import sampling_section
from services.screening.study_runs.rules.sections import Section
from services.screening.study_runs.rules.validity import criterion_section


def run_study(stream: BinaryIO) -> bytes:
    """The results of a study as JSON: `n`, the digests of its children, the sections, the plots."""
    results = results_of(read_sample(stream))
    # NaN is not JSON: if `plain` missed one, the run must fail and not its readers.
    return json.dumps(results, ensure_ascii=False, allow_nan=False).encode()


def results_of(sample: Sample) -> Results:
    """Every section, every plot that could be made, and the digests of the sample's children."""
    scores = item_scores(sample)
    sections: Results = {
        Section.SAMPLING: _compute_section(lambda: sampling_section(sample)),
        Section.RELIABILITY: _compute_section(
            lambda: reliability_section(sample, scores)
        ),
        Section.ITEMS: _compute_section(lambda: items_section(sample, scores)),
        Section.CRITERION: _compute_section(lambda: criterion_section(sample)),
        Section.AGREEMENT: _compute_section(lambda: agreement_section(sample)),
        Section.DIF: _compute_section(lambda: dif_section(sample, scores)),
    }
    # From the published sections, so that plots cannot show anything else.
    plain_sections = plain(sections)
    ages = [row["age"] for row in sample.rows]
    return {
        "n": len(sample.rows),
        "digests": digests_of(sample),
        "sections": plain_sections,
        "plots": plots.plots_of(plain_sections, ages),
    }


def digests_of(sample: Sample) -> dict[str, int]:
    """A 64-bit digest of all records that were read of each child; it changes with any of them."""
    digests = {row["subject"]: blake2b(digest_size=8) for row in sample.rows}
    for row in (*sample.rows, *sample.others):
        if row["subject"] in digests:
            # Sorted: the digest must not depend on the order of the members.
            digests[row["subject"]].update(json.dumps(row, sort_keys=True).encode())
    return {
        # Signed, because PostgreSQL's bigint is signed.
        child: int.from_bytes(digest.digest(), signed=True)
        for child, digest in sorted(digests.items())
    }


def _compute_section(compute: Callable[[], Results]) -> Results:
    try:
        return {"status": "computed"} | compute()
    except TooFew as too_few:
        return {"status": "refused"} | too_few.refusal._asdict()


def _require_complete(sample: Sample, scores: Numbers) -> None:
    require("items", 2, len(sample.items))
    require("complete_answers", sample.task.minimum_n, len(complete(scores)))


def reliability_section(sample: Sample, scores: Numbers) -> Results:
    """Internal consistency of the scale's items, and test–retest agreement."""
    _require_complete(sample, scores)
    pairs = paired_scores(retests(sample), sample.task.scale)
    needed = pairs_needed(sample)
    retest: Results = {"refused": {"reason": "retest_pairs", "needed": needed}}
    if len(pairs) >= needed:
        retest = {"n": len(pairs), "icc_2_1": icc_2_1(pairs)}
    codes = sample.ranges.codes
    return reliability(scores, codes) | {"test_retest": retest}


def items_section(sample: Sample, scores: Numbers) -> Results:
    """Statistics and characteristics of every item."""
    _require_complete(sample, scores)
    codes, lowest, highest = sample.ranges
    return {
        "n": len(scores),
        "items": item_statistics(codes, scores, lowest, highest),
        "characteristics": characteristics(codes, scores, lowest, highest),
    }


if __name__ == "__main__":
    sys.stdout.buffer.write(run_study(sys.stdin.buffer))
