"""The engine against the published rules of PHQ-9, PSC-17, CFM, M-CHAT-R and SDQ."""

from typing import Any

import pytest

from services.screening.instruments.rules.consistency import contradictions
from services.screening.instruments.rules.definitions import Definition
from services.screening.instruments.rules.outcomes import Outcome
from services.screening.instruments.rules.scoring import Result
from tests.screening.instruments import published
from tests.screening.instruments.published_functioning import cfm_2_4, cfm_5_17
from tests.screening.instruments.scored import CFM_GENERIC, scored

ALL = [published.phq_9(), published.psc_17(), published.mchat_r(), published.sdq(), cfm_5_17()]


def raws(result: Result) -> dict[str, float | None]:
    return {scale.code: scale.raw for scale in result.scales}


def bands(result: Result) -> dict[str, str | None]:
    return {scale.code: scale.band for scale in result.scales}


def same(document: dict[str, Any], answer: str) -> dict[str, str]:
    return {item["code"]: answer for item in document["items"]}


@pytest.mark.parametrize("document", [*ALL, cfm_2_4(dict(CFM_GENERIC))], ids=lambda one: one["title"]["en"])
def test_a_published_rule_is_a_definition_without_contradictions_and_without_text(document: dict[str, Any]) -> None:
    assert contradictions(Definition.model_validate(document)) == []
    assert not any("text" in item for item in document["items"])


@pytest.mark.parametrize(
    ("total", "band", "outcome"),
    [
        (0, "minimal", "negative"),
        (4, "minimal", "negative"),
        (5, "mild", "negative"),
        (9, "mild", "negative"),
        (10, "moderate", "positive"),
        (14, "moderate", "positive"),
        (15, "moderately_severe", "positive"),
        (19, "moderately_severe", "positive"),
        (20, "severe", "positive"),
        (27, "severe", "positive"),
    ],
)
def test_phq_9_bands_and_cut_of_ten_as_published(total: int, band: str, outcome: str) -> None:
    grades = [min(3, max(0, total - 3 * number)) for number in range(9)]
    result = scored(published.phq_9(), {f"PHQ9_{n:02d}": grade for n, grade in enumerate(grades, 1)})
    assert (raws(result), bands(result), result.outcome) == ({"TOTAL": total}, {"TOTAL": band}, outcome)


def test_phq_9_any_answer_but_zero_to_item_9_is_critical_below_the_cut_too() -> None:
    calm = same(published.phq_9(), "0")
    assert scored(published.phq_9(), calm).critical == ()
    noted = scored(published.phq_9(), calm | {"PHQ9_09": "1"})
    assert (noted.critical, noted.outcome) == (("PHQ9_09",), "negative")


@pytest.mark.parametrize(
    ("answer", "expected", "positive"),
    [
        ("0", {"I": 0, "A": 0, "E": 0, "T": 0}, set()),
        ("1", {"I": 5, "A": 5, "E": 7, "T": 17}, {"I", "E", "T"}),
        ("2", {"I": 10, "A": 10, "E": 14, "T": 34}, {"I", "A", "E", "T"}),
    ],
)
def test_psc_17_vectors_of_the_mgh_form(answer: str, expected: dict[str, int], positive: set[str]) -> None:
    result = scored(published.psc_17(), same(published.psc_17(), answer))
    assert raws(result) == expected
    assert {scale.code for scale in result.scales if scale.outcome == Outcome.POSITIVE} == positive


def test_psc_17_scores_by_item_codes_wherever_a_vendor_puts_them() -> None:
    document = published.psc_17()
    answers = {code: str(n % 3) for n, code in enumerate(sorted(same(document, "0")))}
    reordered = document | {"items": document["items"][::-1]}
    reordered["forms"] = [document["forms"][0] | {"items": document["forms"][0]["items"][::-1]}]
    assert raws(scored(document, answers)) == raws(scored(reordered, answers))


@pytest.mark.parametrize(("answer", "total", "band"), [("yes", 3, "medium"), ("no", 17, "high")])
def test_mchat_r_vectors_of_mchatscreen(answer: str, total: int, band: str) -> None:
    result = scored(published.mchat_r(), same(published.mchat_r(), answer), age=20)
    assert (raws(result), bands(result)) == ({"TOTAL": total}, {"TOTAL": band})
    assert result.suggestion == {"medium": "follow_up", "high": "refer"}[band]


@pytest.mark.parametrize(("age", "suggestion"), [(23, "rescreen"), (24, None)])
def test_mchat_r_low_risk_before_24_months_is_screened_again(age: int, suggestion: str | None) -> None:
    calm = same(published.mchat_r(), "yes") | {"MCHATR_02": "no", "MCHATR_05": "no", "MCHATR_12": "no"}
    result = scored(published.mchat_r(), calm, age=age)
    assert (raws(result), result.suggestion) == ({"TOTAL": 0}, suggestion)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("2", {"E": 10, "C": 8, "H": 6, "P": 6, "PRO": 10, "TOTAL": 30}),
        ("0", {"E": 0, "C": 2, "H": 4, "P": 4, "PRO": 0, "TOTAL": 10}),
        ("1", {"E": 5, "C": 5, "H": 5, "P": 5, "PRO": 5, "TOTAL": 20}),
    ],
)
def test_sdq_vectors_by_the_reverse_key_rule(answer: str, expected: dict[str, int]) -> None:
    assert raws(scored(published.sdq(), same(published.sdq(), answer))) == expected


def test_sdq_bands_of_the_parent_form() -> None:
    assert bands(scored(published.sdq(), same(published.sdq(), "1"))) == {
        "E": "abnormal", "C": "abnormal", "H": "normal", "P": "abnormal", "PRO": None, "TOTAL": "abnormal",
    }  # fmt: skip


def test_sdq_is_prorated_from_three_of_five_and_undetermined_below() -> None:
    full = same(published.sdq(), "0") | {"SDQ_03": "2", "SDQ_08": "2", "SDQ_13": "1"}
    three = {code: answer for code, answer in full.items() if code not in {"SDQ_16", "SDQ_24"}}
    emotional = scored(published.sdq(), three).scales[0]
    assert (emotional.raw, emotional.answered, emotional.is_prorated) == (8, 3, True)  # 5 · 5/3 = 8.33
    two = {code: answer for code, answer in three.items() if code != "SDQ_13"}
    result = scored(published.sdq(), two)
    assert (result.scales[0].raw, result.outcome) == (None, Outcome.UNDETERMINED)
