"""What holds of every instrument: 50 generated ones, with generated answers."""

import json
from typing import Any

import jsonschema_rs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.screening.instruments.rules.consistency import contradictions
from services.screening.instruments.rules.definitions import Definition, definition_schema
from services.screening.instruments.rules.explanations import explain
from services.screening.instruments.rules.norms import NormDocument, Norms, compile_norms
from services.screening.instruments.rules.outcomes import Child
from services.screening.instruments.rules.plans import compile_plan
from services.screening.instruments.rules.scoring import json_texts, result_of, score
from services.screening.instruments.rules.vectors import score_many
from tests.screening.instruments.generated import INFORMANTS, answers, instruments
from tests.screening.instruments.published import words

SCHEMA = jsonschema_rs.validator_for(definition_schema())
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def norms_of(document: dict[str, Any]) -> Norms:
    tables = [{"scale": one["code"], "mean": 2.0, "sd": 1.5, "reliability": 0.8} for one in document["scales"][:1]]
    return compile_norms(NormDocument.model_validate({"title": words("norms"), "norms": tables}), "N-1")


@settings(max_examples=50, suppress_health_check=SLOW)
@given(st.data())
def test_single_and_vectorised_scoring_agree_on_every_result_of_generated_instruments(data: st.DataObject) -> None:
    document = data.draw(instruments())
    assert SCHEMA.is_valid(document)
    definition = Definition.model_validate(document)
    assert contradictions(definition) == []
    plan = compile_plan(definition)
    norms = data.draw(st.sampled_from([None, norms_of(document)]))
    faulty = data.draw(st.booleans())
    rows = data.draw(st.lists(answers(document, faulty=faulty), min_size=1, max_size=12))
    ages = data.draw(st.lists(st.integers(0, 80), min_size=len(rows), max_size=len(rows)))
    sexes = [("female", "male", "unknown")[number % 3] for number in range(len(rows))]
    informants = [INFORMANTS[number % 3] for number in range(len(rows))]
    children = [Child(*facts) for facts in zip(ages, sexes, informants, strict=True)]
    single = [score(plan, "F", row, child, norms) for row, child in zip(rows, children, strict=True)]
    many = score_many(plan, "F", rows, children, norms)
    assert many == single
    assert [json.loads(text) for text in json_texts(many)] == [result.as_json() for result in single]
    for result in single:
        kept = json.loads(json.dumps(result.as_json(), allow_nan=False))
        assert result_of(kept) == result._replace(problems=())
        assert explain(plan, result, "pl", norms)[-1].endswith("To badanie przesiewowe, a nie diagnoza.")
        assert explain(plan, result, "en", norms)[-1].endswith("This is a screening, not a diagnosis.")


@settings(max_examples=50, suppress_health_check=SLOW)
@given(st.data())
def test_a_result_does_not_depend_on_the_order_of_items_or_answers(data: st.DataObject) -> None:
    document = data.draw(instruments(always_asked=True))
    row = data.draw(answers(document, faulty=False))
    child = Child(30, "female", "parent")
    turned = document | {"items": document["items"][::-1]}
    turned["forms"] = [document["forms"][0] | {"items": document["forms"][0]["items"][::-1]}]
    backwards = dict(reversed(row.items()))
    first = score(compile_plan(Definition.model_validate(document)), "F", row, child, None)
    assert score(compile_plan(Definition.model_validate(turned)), "F", backwards, child, None) == first
