"""When items are asked, as FHIR R4 says it: `enableWhen` by its operators, FHIRPath by fhirpath.js."""

import json
import shutil
import subprocess
from datetime import UTC, date, datetime
from typing import Any

import pytest
from fhir.resources.R4B.questionnaire import Questionnaire
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.screening.fhir.rules.results import Screened, response_of
from services.screening.fhir_questionnaires.rules.conditions import ENABLE_EXPRESSION
from services.screening.fhir_questionnaires.rules.questionnaires import Version, questionnaire_of
from services.screening.instruments.rules.conditions import truth
from services.screening.instruments.rules.definitions import Definition
from services.screening.instruments.rules.outcomes import Truth
from services.screening.instruments.rules.plans import FormPlan, compile_plan
from services.screening.instruments.rules.scoring import read_answers
from tests.screening.instruments.generated import answers as answers_to
from tests.screening.instruments.generated import instruments
from tests.screening.instruments.published import LICENCE, words
from tests.support.npm import NotInstalled, install

Facts = dict[str, Any]
VERSION = Version("01990000-0000-7000-8000-000000000001", "EXAMPLE", 1, "published")
YES_NO = [{"code": "yes", "value": 1.0}, {"code": "no", "value": 0.0}]
COUNTS = {
    ">=": lambda given_, limit: given_ >= limit,
    "<=": lambda given_, limit: given_ <= limit,
    ">": lambda given_, limit: given_ > limit,
    "<": lambda given_, limit: given_ < limit,
}


def questionnaire_with(condition: Facts) -> Facts:
    """The Questionnaire of an instrument whose last question is asked on that condition."""
    items: list[Facts] = [
        {"code": "AGREES", "type": "dichotomous", "options": YES_NO},
        {"code": "TIMES", "type": "number", "is_whole": True, "minimum": 0, "maximum": 20},
        {"code": "HOURS", "type": "number", "minimum": 0, "maximum": 24},
        {"code": "SIGNS", "type": "multi_select", "options": [{"code": str(n), "value": 1.0} for n in range(3)]},
        {"code": "MORE", "type": "text", "asked_when": condition},
    ]
    document = {
        "format": "splot-instrument/1",
        "title": words("Przykład"),
        "licence": LICENCE,
        "items": items,
        "scales": [{"code": "S", "name": words("S"), "kind": "sum", "items": [{"item": "AGREES"}]}],
        "forms": [
            {
                "code": "F",
                "title": words("F"),
                "age_from": 0,
                "age_to": 11,
                "informants": ["parent"],
                "items": [item["code"] for item in items],
                "scales": ["S"],
            }
        ],
    }
    made = questionnaire_of(Definition.model_validate(document), 0, VERSION)
    Questionnaire.model_validate(json.loads(json.dumps(made)))
    return made


def said_of(made: Facts) -> Facts:
    """What an item says of when it is asked."""
    item = made["item"][-1]
    said: Facts = {name: item[name] for name in ("enableWhen", "enableBehavior") if name in item}
    expressions = [one["valueExpression"] for one in item["extension"] if one["url"] == ENABLE_EXPRESSION]
    return said | ({"expression": expressions[0]["expression"]} if expressions else {})


def coded(question: str, code: str, operator: str = "=") -> Facts:
    coding = {"system": f"urn:splot:instrument:EXAMPLE:{question}", "code": code}
    return {"question": question, "operator": operator, "answerCoding": coding}


TWO_TO_NINE = [
    {"question": "TIMES", "operator": ">=", "answerInteger": 2},
    {"question": "TIMES", "operator": "<=", "answerInteger": 9},
]


@pytest.mark.parametrize(
    ("condition", "behavior", "tests"),
    [
        ({"item": "AGREES", "is_one_of": ["yes", "no"]}, "any", [coded("AGREES", "yes"), coded("AGREES", "no")]),
        ({"item": "TIMES", "at_least": 1.5, "at_most": 9}, "all", TWO_TO_NINE),
        (
            {"all_of": [{"item": "AGREES", "is_one_of": ["yes"]}, {"item": "HOURS", "at_least": 1.5}]},
            "all",
            [coded("AGREES", "yes"), {"question": "HOURS", "operator": ">=", "answerDecimal": 1.5}],
        ),
        (
            {
                "item": "AGREES",
                "is_one_of": ["yes"],
                "all_of": [{"all_of": [{"item": "TIMES", "at_least": 2, "at_most": 9}]}],
            },
            "all",
            [*TWO_TO_NINE, coded("AGREES", "yes")],
        ),
        (
            {"any_of": [{"item": "AGREES", "is_one_of": ["yes"]}, {"item": "TIMES", "at_most": 3}]},
            "any",
            [coded("AGREES", "yes"), {"question": "TIMES", "operator": "<=", "answerInteger": 3}],
        ),
        ({"none_of": [{"item": "AGREES", "is_one_of": ["yes"]}]}, "all", [coded("AGREES", "no")]),
        ({"item": "AGREES", "at_least": 1}, "all", [coded("AGREES", "yes")]),
        (
            {"none_of": [{"item": "TIMES", "at_least": 2, "at_most": 9}]},
            "any",
            [
                {"question": "TIMES", "operator": "<", "answerInteger": 2},
                {"question": "TIMES", "operator": ">", "answerInteger": 9},
            ],
        ),
        (
            {"none_of": [{"item": "SIGNS", "is_one_of": ["1"]}]},
            "all",
            [{"question": "SIGNS", "operator": "exists", "answerBoolean": True}, coded("SIGNS", "1", "!=")],
        ),
    ],
)
def test_a_condition_is_told_by_comparisons(condition: Facts, behavior: str, tests: list[Facts]) -> None:
    said = said_of(questionnaire_with(condition))
    # Of one comparison both behaviours are the same.
    assert said == {"enableWhen": tests, "enableBehavior": said["enableBehavior"] if len(tests) == 1 else behavior}


def test_what_comparisons_in_one_row_cannot_say_is_told_in_fhirpath() -> None:
    both = {"all_of": [{"item": "AGREES", "is_one_of": ["yes"]}, {"item": "TIMES", "at_most": 3}]}
    said = said_of(questionnaire_with({"any_of": [both, {"item": "HOURS", "at_least": 2.5}]}))
    answers = "%resource.descendants().where(linkId = '{}').answer.value"
    assert said == {
        "expression": f"(({answers.format('AGREES')}.where(code = 'yes').exists()"
        f" and {answers.format('TIMES')}.where($this <= 3).exists())"
        f" or {answers.format('HOURS')}.where($this >= 2.5).exists())"
    }


def answered(response: Facts) -> dict[str, list[Any]]:
    """The values of the answers of a response, by question."""
    items = [inner for item in response.get("item", []) for inner in item.get("item", [item])]
    return {item["linkId"]: [one for each in item.get("answer", []) for one in each.values()] for item in items}


def enabled(item: Facts, response: Facts) -> bool:
    """Whether R4 has the item asked: http://hl7.org/fhir/R4/valueset-questionnaire-enable-operator.html."""
    values, results = answered(response), []
    for one in item["enableWhen"]:
        given_, operator = values.get(one["question"], []), one["operator"]
        [(_, wanted)] = [(name, value) for name, value in one.items() if name.startswith("answer")]
        if operator == "exists":
            results.append(bool(given_) == wanted)
        elif operator in COUNTS:
            results.append(any(COUNTS[operator](value, wanted) for value in given_))
        else:
            results.append(any(value == wanted for value in given_) == (operator == "="))
    return all(results) if item["enableBehavior"] == "all" else any(results)


def drawn(data: st.DataObject) -> tuple[Facts, FormPlan, Facts, dict[str, bool]]:
    """A Questionnaire, a response to it, and of each conditional item whether its condition holds."""
    document = data.draw(instruments())
    definition = Definition.model_validate(document)
    form = compile_plan(definition).forms["F"]
    answers = {leaf: one for leaf, one in data.draw(answers_to(document, faulty=False)).items() if one is not None}
    # An empty selection is an answer that FHIR does not know.
    answers = {leaf: one for leaf, one in answers.items() if one != []}
    cells, problems = read_answers(form, answers)
    for problem in problems:
        answers.pop(problem.pointer.removeprefix("/answers/"), None)
    cells, _ = read_answers(form, answers)
    holds = {
        leaf.item: truth(condition, cells) == Truth.TRUE
        for leaf, (condition, _) in zip(form.leaves, form.asked_when, strict=True)
        if condition is not None
    }
    when = datetime(2026, 3, 14, 12, tzinfo=UTC)
    screened = Screened("1", "1", "scored", "EXAMPLE", 1, "F", date(2026, 3, 14), when, answers)
    return questionnaire_of(definition, 0, VERSION), form, response_of(screened, form), holds


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_an_item_is_enabled_exactly_when_its_condition_holds(data: st.DataObject) -> None:
    questionnaire, _, response, holds = drawn(data)
    for item in questionnaire["item"]:
        if "enableWhen" in item:
            assert enabled(item, response) == holds[item["linkId"]], item


def test_the_expressions_hold_exactly_when_their_conditions_do(tmp_path_factory: pytest.TempPathFactory) -> None:
    cases: list[Facts] = []

    @settings(max_examples=150, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def collect(data: st.DataObject) -> None:
        questionnaire, _, response, holds = drawn(data)
        for item in questionnaire["item"]:
            for one in item["extension"]:
                if one["url"] == ENABLE_EXPRESSION:
                    expression = one["valueExpression"]["expression"]
                    cases.append({"expression": expression, "response": response, "holds": holds[item["linkId"]]})

    collect()
    assert len(cases) > 10
    try:
        folder = install("fhir", tmp_path_factory.mktemp("fhirpath"))
    except NotInstalled as why:
        pytest.skip(str(why))
    node = shutil.which("node")
    assert node is not None
    (folder / "cases.json").write_text(json.dumps(cases), encoding="utf-8")
    run = subprocess.run([node, "evaluate.js", "cases.json"], cwd=folder, check=True, capture_output=True, text=True)
    wrong = [case for case, held in zip(cases, json.loads(run.stdout), strict=True) if held != case["holds"]]
    assert wrong == []
