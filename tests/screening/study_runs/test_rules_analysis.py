"""A whole study of made-up children: sections, refusals, plots."""

import json

import numpy as np
import pytest

from services.screening.study_runs.rules.analysis import run_study
from services.screening.study_runs.rules.sample import item_scores, read_sample
from tests.screening.studies.population import ITEMS, Facts, again, definition, screened, stream, task
from tests.screening.study_runs.studied import studied


def test_every_section_of_a_study_with_enough_children_is_computed(ready: Facts) -> None:
    assert ready["n"] == 600
    assert {section["status"] for section in ready["sections"].values()} == {"computed"}
    assert {*ready["plots"]} == {"roc", "item-characteristics", "bland-altman", "ages"}


def test_reliability_counts_each_child_once_and_a_second_time_apart(ready: Facts) -> None:
    found = ready["sections"]["reliability"]
    assert (found["n"], found["items"], found["incomplete"]) == (600, 20, 0)
    assert found["alpha"]["low"] < found["alpha"]["value"] < found["alpha"]["high"]
    assert found["omega"]["value"] == pytest.approx(found["alpha"]["value"], abs=0.02)
    assert found["test_retest"]["n"] == 80
    assert found["test_retest"]["icc_2_1"]["value"] > 0.9


def test_the_naive_sensitivity_stands_beside_the_corrected_one_and_above_it(ready: Facts) -> None:
    found = ready["sections"]["criterion"]["partial_verification"]
    assert found["verified"] < found["n"] == 600
    assert found["naive"]["sensitivity"]["value"] > found["corrected"]["sensitivity"]["value"]
    assert found["naive"]["specificity"]["value"] < found["corrected"]["specificity"]["value"]
    whole = studied(screened(600))["sections"]["criterion"]
    true = whole["naive"]["sensitivity"]["value"]
    assert abs(found["corrected"]["sensitivity"]["value"] - true) < abs(found["naive"]["sensitivity"]["value"] - true)


def test_predictive_values_are_told_at_the_prevalence_asked_for(ready: Facts) -> None:
    rows = ready["sections"]["criterion"]["at_prevalence"]
    assert [row["prevalence"] for row in rows] == [0.01, 0.03, 0.05, 0.1, 0.2, 0.5]
    assert [row["ppv"] for row in rows] == sorted(row["ppv"] for row in rows)


def test_the_curve_is_told_in_raw_points(ready: Facts) -> None:
    found = ready["sections"]["criterion"]["roc"]
    assert found["positive_is"] == "at_or_above"
    assert 0.8 < found["auc"]["low"] < found["auc"]["value"] < found["auc"]["high"] < 1
    assert 0 <= found["best_cut"]["cut"] <= 60
    assert (found["points"][0]["cut"], found["points"][0]["sensitivity"]) == (None, 0)


def test_a_scale_on_which_more_is_better_has_its_cut_from_above() -> None:
    document = definition()
    document["scales"][0]["better"] = "higher"
    rows = screened(300)
    turned = [one | {"criterion": "negative" if one["criterion"] == "positive" else "positive"} for one in rows]
    mirrored = json.loads(run_study(stream(task(document), turned)))["sections"]["criterion"]["roc"]
    plain = studied(rows)["sections"]["criterion"]["roc"]
    assert mirrored["positive_is"] == "at_or_below"
    assert mirrored["auc"]["value"] == pytest.approx(plain["auc"]["value"])


def test_agreement_tells_a_second_time_and_another_informant_apart(ready: Facts) -> None:
    found = ready["sections"]["agreement"]
    assert (found["test_retest"]["n"], found["between_informants"]["n"]) == (80, 50)
    assert (found["test_retest"]["median_days_between"], found["between_informants"]["median_days_between"]) == (14, 1)
    assert 0.5 < found["test_retest"]["kappa_of_outcome"]["value"] <= 1
    assert found["test_retest"]["weighted_kappa_of_band"] == found["test_retest"]["kappa_of_band"]  # two bands


def test_dif_looks_at_every_item_by_each_grouping(ready: Facts) -> None:
    groupings = ready["sections"]["dif"]["groupings"]
    assert {*groupings} == {"sex", "age"}
    for found in groupings.values():
        assert found["focal_n"] + found["reference_n"] == 600
        assert [item["item"] for item in found["items"]] == ITEMS
        assert {item["mantel"]["grade"] for item in found["items"]} <= {"A", "B"}


def test_a_section_that_its_data_cannot_carry_is_refused_with_the_reason() -> None:
    found = studied(screened(60, verified=0), minimum_n=100)
    assert found["sections"]["reliability"] == {
        "status": "refused",
        "reason": "complete_answers",
        "needed": 100,
    }
    assert found["sections"]["agreement"]["reason"] == "pairs"
    assert found["sections"]["criterion"]["reason"] == "verified"
    assert found["sections"]["dif"]["reason"] in {"focal_group", "reference_group"}
    assert {*found["plots"]} == {"ages"}


def test_without_a_verified_negative_the_correction_is_refused_and_the_rest_stands() -> None:
    found = studied(screened(600, verified=0), minimum_n=20)["sections"]["criterion"]
    assert found["partial_verification"]["refused"]["reason"] == "verified_negatives"
    assert found["naive"]["ppv"]["value"] == found["naive"]["prevalence"]["value"]


def test_what_was_not_asked_has_the_value_that_it_then_has() -> None:
    document = definition()
    document["items"][1] |= {"asked_when": {"item": "I01", "at_least": 1}, "value_when_not_asked": 0}
    rows = screened(50)
    rows[0]["answers"] = {code: "0" for code in ITEMS if code != "I02"}
    rows[1]["answers"] = {code: "1" for code in ITEMS if code != "I02"}
    scores = item_scores(read_sample(stream(task(document), rows)))
    assert scores[0, 1] == 0
    assert np.isnan(scores[1, 1])


def test_reversed_items_are_turned_before_they_are_counted() -> None:
    document = definition()
    document["scales"][0]["items"][0]["is_reversed"] = True
    rows = screened(50)
    turned = item_scores(read_sample(stream(task(document), rows)))
    plain = item_scores(read_sample(stream(task(definition()), rows)))
    assert (turned[:, 0] == 3 - plain[:, 0]).all()
    assert (turned[:, 1:] == plain[:, 1:]).all()


def test_no_group_or_point_of_results_is_of_few() -> None:
    first = screened(61)
    second = [again(one, number) for number, one in enumerate(first[:43])]
    found = studied([*first, *second], minimum_n=20)
    points = found["sections"]["agreement"]["test_retest"]["points"]
    assert min(point["n"] for point in points) >= 5
    assert sum(point["n"] for point in points) == 43
    assert min(point["n"] for point in found["sections"]["items"]["characteristics"]) >= 5
    drawn = found["plots"].get("ages", {"data": {"values": []}})["data"]["values"]
    assert not [bar for bar in drawn if bar["n"] < 5]


def test_a_child_of_an_unknown_sex_is_not_told_by_the_groups_beside_the_whole() -> None:
    rows = screened(120)
    rows[0]["sex"] = "unknown"
    found = studied(rows, minimum_n=20, dif_by=["sex"])["sections"]["dif"]
    assert (found["status"], found["reason"]) == ("refused", "other_children")


def test_a_digest_is_another_when_anything_that_is_read_of_the_child_is() -> None:
    first = screened(20)
    before = studied(first)["digests"]
    changed = [{**first[0], "criterion": None}, *first[1:], again(first[1], 1)]
    after = studied(changed)["digests"]
    assert [*before] == [*after]
    assert [child for child in before if before[child] != after[child]] == [one["subject"] for one in first[:2]]
