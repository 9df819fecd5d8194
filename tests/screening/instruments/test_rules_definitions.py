"""Definitions: what is refused where, and what answers a form takes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from services.screening.instruments.rules.answers import answers_from_cells
from services.screening.instruments.rules.consistency import contradictions
from services.screening.instruments.rules.definitions import Definition
from services.screening.instruments.rules.licences import public_definition
from services.screening.instruments.rules.outcomes import Child, Outcome, combined
from services.screening.instruments.rules.plans import Plan, compile_plan
from services.screening.instruments.rules.scoring import Result, score
from tests.screening.instruments.published import bands, words

SHIPPED = Path(__file__).parents[3] / "services/screening/migrations/shipped"
Change = Callable[[dict[str, Any]], object]


def demo() -> dict[str, Any]:
    document: dict[str, Any] = json.loads((SHIPPED / "demo_1.json").read_text(encoding="utf-8"))
    return document


def plan() -> Plan:
    return compile_plan(Definition.model_validate(demo()))


def scored(answers: dict[str, Any], form: str = "YOUNGER", age: int = 20) -> Result:
    return score(plan(), form, answers, Child(age, "female", "parent"), None)


def _at(path: str, value: Any) -> Change:
    *parents, last = [int(part) if part.isdigit() else part for part in path.strip("/").split("/")]

    def change(document: Any) -> None:
        for part in parents:
            document = document[part]
        if isinstance(document, list) and last == len(document):
            document.append(value)
        else:
            document[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        (_at("/items/1/code", "Y_MOVE1"), "/items/1/code", "repeated"),
        (_at("/items/0/options/1/code", "yes"), "/items/0/options/1/code", "repeated"),
        (_at("/items/0/options", [{"code": "yes"}]), "/items/0/options", "too_short"),
        (_at("/items/0/minimum", 1.0), "/items/0/minimum", "not_allowed"),
        (_at("/items/12/asked_when/is_one_of", ["maybe"]), "/items/12/asked_when/is_one_of/0", "not_found"),
        (_at("/items/12/asked_when/item", "NOBODY"), "/items/12/asked_when/item", "not_found"),
        (_at("/items/0/asked_when", {"item": "Y_LOSS", "is_one_of": ["no"]}), "/forms/0/items/0", "wrong_order"),
        (_at("/items/0/asked_when", {}), "/items/0/asked_when", "missing"),
        (_at("/scales/0/items/0/item", "V_CLEAR"), "/scales/0/items/0/item", "in_validation_block"),
        (_at("/scales/5/threshold", None), "/scales/5/threshold", "missing"),
        (_at("/scales/4/scales/0", "WORRIES"), "/scales/4/scales/0", "wrong_order"),
        (_at("/scales/0/kind", "lookup"), "/scales/0/table", "missing"),
        (_at("/scales/6/cases", []), "/scales/6/cases", "missing"),
        (_at("/forms/1/age_from", 35), "/forms/1/age_from", "overlapping"),
        (_at("/forms/0/age_to", 40), "/forms/1/age_from", "overlapping"),
        (_at("/forms/0/outcome/scales/0", "NOBODY"), "/forms/0/outcome/scales/0", "not_found"),
        (_at("/forms/0/outcome/at_least", 50), "/forms/0/outcome/at_least", "too_large"),
        (_at("/cut_offs/0/bands/1/at_least", None), "/cut_offs/0/bands/1/at_least", "wrong_order"),
        (_at("/cut_offs/0/bands/2/at_least", 6.0), "/cut_offs/0/bands/2/at_least", "wrong_order"),
        (_at("/cut_offs/0/age_to", 37), "/cut_offs/1", "overlapping"),
        (_at("/critical_items/0/item", "NOBODY"), "/critical_items/0/item", "not_found"),
        (_at("/suggestions/3/scale", None), "/suggestions/3/scale", "missing"),
    ],
)
def test_a_contradiction_is_named_by_its_place(change: Change, pointer: str, code: str) -> None:
    document = demo()
    change(document)
    assert (pointer, code) in contradictions(Definition.model_validate(document))


def test_the_demo_does_not_contradict_itself() -> None:
    assert contradictions(Definition.model_validate(demo())) == []


def test_an_unknown_member_is_refused_by_the_shape_itself() -> None:
    with pytest.raises(ValidationError) as refused:
        Definition.model_validate(demo() | {"formula": "eval(answers)"})
    assert refused.value.errors()[0]["loc"] == ("formula",)


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ({"NOBODY": "yes"}, ("/answers/NOBODY", "unknown")),
        ({"Jan Kowalski, ul. Długa": "yes"}, ("/answers", "unknown")),
        ({"Y_MOVE1": "perhaps"}, ("/answers/Y_MOVE1", "not_listed")),
        ({"Y_MOVE1": True}, ("/answers/Y_MOVE1", "wrong_type")),
        ({"V_MINUTES": 2.5}, ("/answers/V_MINUTES", "wrong_type")),
        ({"V_MINUTES": 241}, ("/answers/V_MINUTES", "too_large")),
        ({"Y_LOSS": "yes", "Y_LOSS_WHAT": ["moving", "moving"]}, ("/answers/Y_LOSS_WHAT", "repeated")),
        ({"Y_LOSS": "no", "Y_LOSS_WHAT": ["moving"]}, ("/answers/Y_LOSS_WHAT", "not_asked")),
        ({"Y_LOSS": "refused"}, ("/answers/Y_LOSS", "not_listed")),
        ({"FAMILY_HELP": "5"}, ("/answers/FAMILY_HELP", "not_listed")),
    ],
)
def test_an_answer_that_the_form_does_not_take_is_named_and_not_repeated(
    answers: dict[str, Any], problem: tuple[str, str]
) -> None:
    assert scored(answers).problems == (problem,)


def test_icf_qualifiers_not_observed_and_refused_are_answers() -> None:
    taken = {"FAMILY_HELP": "+3", "Y_MOVE1": "not_observed", "Y_MOVE2": "refused", "SENSES.SEEING": "unsure"}
    assert scored(taken).problems == ()
    assert [scored({"FAMILY_HELP": code}).problems for code in (0, "4", "8", 9)] == [()] * 4


def test_a_validation_block_changes_no_score() -> None:
    answers = {"Y_TALK1": "yes", "Y_TALK2": "sometimes", "Y_TALK3": "not_yet"}
    assert scored(answers | {"V_CLEAR": "no", "V_MINUTES": 12}) == scored(answers)


def test_what_was_not_observed_is_estimated_from_the_rest_and_rounded_half_up() -> None:
    asked = {"Y_MOVE1": "not_yet", "Y_MOVE2": "sometimes", "Y_MOVE3": "not_observed", "Y_HAND1": "not_yet"}
    movement = scored(asked).scales[0]
    assert (movement.raw, movement.answered, movement.expected, movement.is_prorated) == (7, 3, 4, True)  # 5 · 4/3


def test_a_critical_answer_makes_the_whole_positive_and_leads_the_suggestion() -> None:
    result = scored({"Y_LOSS": "yes"})
    assert (result.outcome, result.critical, result.suggestion) == ("positive", ("Y_LOSS",), "see_specialist")


def test_the_form_follows_from_age_and_informant() -> None:
    chosen = [plan().form_for(*who) for who in ((5, "parent"), (6, "parent"), (36, "parent"), (36, "nursery_carer"))]
    assert chosen == [None, "YOUNGER", "OLDER", None]


def test_cells_of_a_table_are_read_by_the_kind_of_their_item() -> None:
    cells = {"Y_MOVE1": " yes ", "Y_LOSS_WHAT": "moving|talking", "V_MINUTES": "12", "Y_MOVE2": "", "OTHER": "x"}
    read = answers_from_cells(plan().forms["YOUNGER"].leaves, cells)
    assert read == {"Y_MOVE1": "yes", "Y_LOSS_WHAT": ["moving", "talking"], "V_MINUTES": 12, "OTHER": "x"}


@pytest.mark.parametrize("allowed", [(True, True), (True, False), (False, True), (False, False)])
def test_texts_of_items_stay_only_where_passing_on_and_electronic_use_are_allowed(allowed: tuple[bool, bool]) -> None:
    document = demo()
    document["licence"] |= dict(zip(("items_redistributable", "electronic_use_allowed"), allowed, strict=True))
    shown = json.dumps(public_definition(document), ensure_ascii=False)
    texts = [item["text"]["pl"] for item in document["items"]] + ["jeszcze nie", "Proszę zaznaczyć", "widzenie"]
    assert {text in shown for text in texts} == {all(allowed)}
    assert public_definition({"items": [{"code": "Q", "text": words("secret")}]})["items"] == [{"code": "Q"}]


def test_a_band_belongs_to_its_lower_edge() -> None:
    document = demo() | {"cut_offs": [bands("PLAY", ("low", None, "negative"), ("high", 2.0, "positive"))]}
    made = compile_plan(Definition.model_validate(document))
    for answer, band in (("sometimes", "high"), ("yes", "low")):
        answers = {"Y_PLAY1": answer, "Y_PLAY2": answer}
        result = score(made, "YOUNGER", answers, Child(20, "female", "parent"), None)
        assert result.scales[3].band == band


COMBINED = {("PN", 1): "positive", ("NU", 1): "undetermined", ("PU", 2): "undetermined", ("NU", 2): "negative"}


@pytest.mark.parametrize(("given", "expected"), COMBINED.items())
def test_outcomes_are_combined_in_three_values(given: tuple[str, int], expected: str) -> None:
    known = {"P": Outcome.POSITIVE, "N": Outcome.NEGATIVE, "U": Outcome.UNDETERMINED}
    assert combined([known[letter] for letter in given[0]], given[1]) == expected
