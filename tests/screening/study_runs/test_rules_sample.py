"""What a study computes with: items turned round, several options ticked, scores that are decimals."""

from typing import Any

import numpy as np
import pytest

from services.screening.study_runs.rules.analysis import results_of
from services.screening.study_runs.rules.groups import dif_section
from services.screening.study_runs.rules.sample import Sample, item_scores, raw_scores, read_sample
from tests.screening.studies.population import Facts, definition, screened, stream, task


def sample_of(document: Facts, answers: list[Facts]) -> Sample:
    rows = screened(len(answers), items=["Q1"])
    made = [row | {"answers": given} for row, given in zip(rows, answers, strict=True)]
    return read_sample(stream(task(document), made))


def test_an_item_of_ticked_options_counts_with_all_that_they_add_up_to_also_turned_round() -> None:
    document = definition(["Q1", "Q2"])
    ones = [{"code": code, "value": 1} for code in "abc"]
    document["items"][:2] = [{"code": code, "type": "multi_select", "options": ones} for code in ("Q1", "Q2")]
    document["scales"][0]["items"][1] |= {"is_reversed": True, "weight": 0.1}
    sample = sample_of(document, [{"Q1": ["a", "b"], "Q2": ["a"]}, {"Q1": [], "Q2": ["a", "b", "c"]}])
    codes, lowest, highest = sample.ranges
    assert (codes, lowest.tolist(), highest.tolist()) == (["Q1", "Q2"], [0, 0], [3, 0.3])
    assert item_scores(sample).tolist() == [[2, 0.2], [0, 0]]


def test_a_number_without_limits_counts_and_has_no_difficulty() -> None:
    document = definition(["Q1", "Q2", "Q3"])
    document["items"][0] = {"code": "Q1", "type": "number", "minimum": 0.0}
    draw = np.random.default_rng(1).integers(0, 4, (120, 3)).tolist()
    answers = [{"Q1": one * 2.5, "Q2": str(two), "Q3": str(three)} for one, two, three in draw]
    found = results_of(sample_of(document, answers))["sections"]
    assert (found["reliability"]["items"], found["reliability"]["n"]) == (3, 120)
    first, second = found["items"]["items"][:2]
    assert (first["difficulty"], first["at_lowest"], first["at_highest"]) == (None, None, None)
    assert first["mean"] == pytest.approx(2.5 * np.mean([row[0] for row in draw]))
    assert second["difficulty"] is not None
    assert {point["item"] for point in found["items"]["characteristics"]} == {"Q2", "Q3"}
    assert found["dif"]["groupings"]["sex"]["items"][0]["mantel"]["p_value"] is not None


def test_a_binary_sum_of_decimals_in_an_older_result_ties_with_the_decimal() -> None:
    rows: Any = screened(3)
    for row, raw in zip(rows, (0.1 + 0.2, 0.3, 1 / 3), strict=True):
        row["result"]["scales"][0]["raw"] = raw
    scores = raw_scores(rows, "total")
    assert scores[0] == scores[1] == 0.3
    assert scores[2] == pytest.approx(1 / 3, abs=1e-9)


def test_decimal_weights_make_the_levels_that_whole_ones_make() -> None:
    draw, found = np.random.default_rng(1), []
    patterns = [{f"Q{n}": str(code) for n, code in enumerate(row, 1)} for row in draw.integers(0, 4, (400, 3)).tolist()]
    for weights in ((1, 2, 3), (0.1, 0.2, 0.3)):
        document = definition(["Q1", "Q2", "Q3"])
        for part, weight in zip(document["scales"][0]["items"], weights, strict=True):
            part["weight"] = weight
        sample = sample_of(document, patterns)
        section = dif_section(sample._replace(task=sample.task._replace(dif_by=["sex"])), item_scores(sample))
        found.append([item["mantel"].chi_square for item in section["groupings"]["sex"]["items"]])
    # Of 0.1 + 0.2 and 0.3 as floats, two levels would be made.
    assert found[1] == pytest.approx(found[0], rel=1e-9)
