"""The child functioning module, scored as the Washington Group does."""

from typing import Any

import pytest

from services.screening.instruments.rules.outcomes import DenominatorPolicy, Outcome, positive_rate
from tests.screening.instruments import published
from tests.screening.instruments.published_functioning import cfm_2_4, cfm_5_17
from tests.screening.instruments.scored import CFM_GENERIC, scored


def healthy_2_4() -> dict[str, Any]:
    answers = {"CF1": "no", "CF4": "no", "CF7": "no", "CF3": "none", "CF6": "none", "CF10": "none"}
    return answers | dict.fromkeys(("CF11", "CF12", "CF13", "CF14", "CF15"), "some") | {"CF16": "the_same"}


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        ({}, "negative"),
        ({"CF3": "a_lot"}, "positive"),
        ({"CF1": "yes", "CF3": None, "CF2": "some"}, "negative"),
        ({"CF7": "yes", "CF10": None, "CF8": "cannot"}, "positive"),
        ({"CF16": "a_lot_more"}, "positive"),
        ({"CF16": "more"}, "negative"),
        ({"CF14": None}, "undetermined"),
        ({"CF14": None, "CF11": "cannot"}, "positive"),
        ({"CF12": None}, "undetermined"),
        ({"CF12": None, "CF13": "a_lot"}, "positive"),
    ],
)
def test_cfm_2_to_4_is_three_valued_as_in_the_washington_group_syntax(changed: dict[str, Any], outcome: str) -> None:
    result = scored(cfm_2_4(dict(CFM_GENERIC)), healthy_2_4() | changed, age=30)
    assert (result.problems, result.outcome) == ((), outcome)


def test_cfm_2_to_4_behaviour_goes_by_labels_though_mics_numbers_them_otherwise() -> None:
    generic = {"1": 2.0, "2": 3.0, "3": 4.0, "4": 5.0}
    mics = {"1": 1.0, "2": 2.0, "3": 3.0, "4": 4.0, "5": 5.0}
    outcomes = [
        scored(cfm_2_4(dict(coding)), healthy_2_4() | {"CF16": answer}, age=30).outcome
        for coding, answer in ((generic, "4"), (mics, "4"), (mics, "5"))
    ]
    assert outcomes == ["positive", "negative", "positive"]


def healthy_5_17() -> dict[str, Any]:
    answers = dict.fromkeys(published.codes("", ()), "none")
    for item in cfm_5_17()["items"]:
        answers[item["code"]] = "never" if item["code"] in {"ANXIETY", "DEPRESSION"} else "none"
    return answers


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        ({}, "negative"),
        ({"ANXIETY": "daily"}, "positive"),
        ({"ANXIETY": "weekly", "DEPRESSION": "weekly"}, "negative"),
        ({"WALK_100": "a_lot", "WALK_500": None}, "positive"),
        ({"WALK_100": "some", "WALK_500": "cannot"}, "positive"),
        ({"WALK_100": "some", "WALK_500": None}, "undetermined"),
        ({"FRIENDS": None}, "undetermined"),
        ({"FRIENDS": None, "DEPRESSION": "daily"}, "positive"),
    ],
)
def test_cfm_5_to_17_walking_chain_and_daily_anxiety(changed: dict[str, Any], outcome: str) -> None:
    result = scored(cfm_5_17(), healthy_5_17() | changed)
    assert (result.problems, result.outcome) == ((), outcome)


def test_cfm_5_to_17_refuses_the_500_metres_of_who_cannot_walk_100() -> None:
    refused = scored(cfm_5_17(), healthy_5_17() | {"WALK_100": "cannot", "WALK_500": "some"})
    assert refused.problems == (("/answers/WALK_500", "not_asked"),)


def test_cfm_tabulation_keeps_the_undetermined_in_the_denominator_unless_asked_otherwise() -> None:
    outcomes = [Outcome.POSITIVE, Outcome.NEGATIVE, Outcome.NEGATIVE, Outcome.UNDETERMINED]
    assert positive_rate(outcomes, DenominatorPolicy.ALL) == 0.25
    assert positive_rate(outcomes, DenominatorPolicy.DETERMINED) == pytest.approx(1 / 3)
    assert positive_rate([], DenominatorPolicy.ALL) is None
