"""Norms: what raw scores are worth, how exact they are, and which change is more than chance."""

import math
from typing import Any

import pytest

from services.screening.instruments.rules.decimals import exact
from services.screening.instruments.rules.norm_scores import NormScores, norm_scores, scores_of_z
from services.screening.instruments.rules.norms import (
    NormDocument,
    compile_norms,
    reliable_change,
    standard_error,
)
from services.screening.instruments.rules.outcomes import Child
from services.screening.instruments.rules.scoring import score
from tests.screening.instruments import published
from tests.screening.instruments.published import bands, words

GIRL = (20, "female", "parent")


def worth(table: dict[str, Any], raw: float, child: tuple[int, str, str] = GIRL) -> NormScores | None:
    document = NormDocument.model_validate({"title": words("N"), "norms": [{"scale": "S", **table}]})
    return norm_scores(compile_norms(document, "N").tables["S"], exact(raw), *child)


@pytest.mark.parametrize(
    ("z", "t", "sten", "stanine", "percentile"),
    [
        (0.0, 50, 6, 5, 50.0),
        (1.0, 60, 8, 7, 84.13),
        (-1.0, 40, 4, 3, 15.87),
        (1.96, 69.6, 9, 9, 97.5),
        (-1.2345, 37.66, 3, 3, 10.85),
        (3.5, 85, 10, 9, 99.98),
        (-4.0, 10, 1, 1, 0.0),
    ],
)
def test_z_becomes_t_sten_stanine_and_percentile(
    z: float, t: float, sten: int, stanine: int, percentile: float
) -> None:
    assert scores_of_z(exact(z))[1:5] == (t, sten, stanine, percentile)


def test_a_norm_by_mean_and_sd_has_the_interval_of_its_standard_error() -> None:
    found = worth({"mean": 10.0, "sd": 4.0, "reliability": 0.84}, 14.0)
    assert found is not None
    assert (found.z, found.t, found.sten, found.low, found.high) == (1.0, 60, 8, 10.86, 17.14)  # 14 ± 1.96 · 1.6
    assert standard_error(4.0, 0.84) == pytest.approx(1.6)


def test_a_norm_by_rows_gives_what_stands_there_and_derives_the_rest() -> None:
    rows = [
        {"at_least": 0.0, "t": 35.0},
        {"at_least": 5.0, "percentile": 50.0, "sten": 5},
        {"at_least": 9.0, "sten": 9},
    ]
    assert worth({"rows": rows}, 4.0) == NormScores(-1.5, 35, 3, 2, 6.68)
    assert worth({"rows": rows}, 8.0) == NormScores(0.0, 50, 5, 5, 50)
    assert worth({"rows": rows}, 12.0) == NormScores(None, None, 9, None, None)
    assert worth({"rows": rows}, -1.0) is None


@pytest.mark.parametrize(
    ("child", "holds"),
    [
        ((12, "female", "parent"), True),
        ((11, "female", "parent"), False),
        ((24, "female", "parent"), False),
        ((12, "male", "parent"), False),
        ((12, "unknown", "parent"), False),
        ((12, "female", "teacher"), False),
    ],
)
def test_norms_hold_for_an_age_a_sex_and_an_informant(child: tuple[int, str, str], holds: bool) -> None:
    table = {"age_from": 12, "age_to": 24, "sex": "female", "informant": "parent", "mean": 1.0, "sd": 1.0}
    assert (worth(table, 1.0, child) is not None) == holds


def test_a_change_is_reliable_beyond_1_96_standard_errors_of_a_difference_as_jacobson_and_truax_say() -> None:
    assert reliable_change(47.5, 32.5, 7.5, 0.80) == pytest.approx(-3.1623, abs=1e-4)  # 15 / (7.5·√0.2·√2)
    assert reliable_change(10, 10, 5, 1.0) == 0
    assert reliable_change(10, 11, 5, 1.0) == math.inf


@pytest.mark.parametrize(
    ("sex", "version", "band"), [("female", "A", "high"), ("male", "A", "low"), ("male", "B", "high")]
)
def test_bands_depend_on_sex_and_norm_version(sex: str, version: str, band: str) -> None:
    document = published.psc_17()
    edges = {("A", "female"): 5.0, ("A", "male"): 8.0, ("B", "female"): 8.0, ("B", "male"): 5.0}
    cuts = [
        bands("I", ("low", None, "negative"), ("high", edge, "positive")) | {"sex": whose}
        for (name, whose), edge in edges.items()
        if name == version
    ]
    norms = compile_norms(NormDocument.model_validate({"title": words("N"), "cut_offs": cuts}), version)
    answers = {item["code"]: "1" for item in document["items"]}
    plan = published.plan_of(document)
    result = score(plan, "F", answers, Child(100, sex, "parent"), norms)
    assert (result.scales[0].band, result.norm_set) == (band, version)


def test_cut_offs_may_stand_on_a_norm_score() -> None:
    document = published.psc_17()
    cut = bands("I", ("low", None, "negative"), ("high", 60.0, "positive")) | {"metric": "t"}
    norm = {"scale": "I", "mean": 3.0, "sd": 2.0}
    norms = compile_norms(NormDocument.model_validate({"title": words("N"), "norms": [norm], "cut_offs": [cut]}), "N")
    answers = {item["code"]: "1" for item in document["items"]}
    result = score(published.plan_of(document), "F", answers, Child(100, "female", "parent"), norms)
    assert (result.scales[0].raw, result.scales[0].band) == (5, "high")
