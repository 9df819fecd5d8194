"""A screening goes out as a QuestionnaireResponse and comes back as the same screening."""

import json
import uuid
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from services.chassis.ground.clock import CIVIL_TIME
from services.screening.fhir.rules.extensions import NO_ANSWER
from services.screening.fhir.rules.received import received
from services.screening.fhir.rules.results import Screened, response_of
from services.screening.fhir.schemas import FhirQuestionnaireResponse
from services.screening.instruments.rules.ages import completed_months
from services.screening.instruments.rules.answers import Leaf
from services.screening.instruments.rules.definitions import Definition
from services.screening.instruments.rules.items import ItemType
from services.screening.instruments.rules.plans import FormPlan, compile_plan
from services.screening.instruments.rules.scoring import read_answers
from services.screening.instruments.schemas import DEFINITION_EXAMPLE
from tests.screening.fhir.sent import URL
from tests.screening.fhir.test_rules import DOCUMENTS
from tests.screening.instruments.generated import answers as answers_to
from tests.screening.instruments.generated import instruments
from tests.screening.instruments.test_endpoints import MANAGER, draft, publish

Facts = dict[str, Any]
ON = date(2026, 3, 14)
ALIKE = {"no_answers": ["not_observed", "refused"]}
OF_EVERY_KIND: Facts = DEFINITION_EXAMPLE | {
    "items": [
        *DEFINITION_EXAMPLE["items"],
        {"code": "SAID", "type": "text", **ALIKE},
        {"code": "SINCE", "type": "date", **ALIKE},
        {"code": "TIMES", "type": "number", "is_whole": True, **ALIKE},
        {"code": "HOURS", "type": "number", **ALIKE},
        {"code": "SIGNS", "type": "multi_select", "options": [{"code": "one"}, {"code": "2"}], **ALIKE},
        {"code": "HELP", "type": "icf_qualifier", "icf": ["e310"], **ALIKE},
    ],
    "forms": [
        DEFINITION_EXAMPLE["forms"][0] | {"items": ["Q1", "SAID", "SINCE", "TIMES", "HOURS", "SIGNS", "HELP"]},
    ],
}
"""Free text, days, numbers and selections, each of which may also be refused."""
POSTED = DOCUMENTS | {"of every kind": OF_EVERY_KIND}
CODED = {*ItemType} - {ItemType.NUMBER, ItemType.DATE, ItemType.TEXT, ItemType.MULTI_SELECT}


def known_answers(document: Facts, form: FormPlan, data: st.DataObject) -> Facts:
    """Generated answers that the form takes; a choice is its code, as FHIR has it."""
    whole = document | {"items": [{"no_answers": []} | item for item in document["items"]]}
    drawn = data.draw(answers_to(whole, faulty=False))
    types = {leaf.code: leaf.type for leaf in form.leaves}
    answers = {leaf: answer for leaf, answer in drawn.items() if leaf in types and answer is not None}
    while problems := read_answers(form, answers)[1]:
        for problem in problems:
            del answers[problem.pointer.removeprefix("/answers/")]
    return {leaf: str(answer) if types[leaf] in CODED else answer for leaf, answer in answers.items()}


def sent_for(form: FormPlan, answers: Facts, code: str, number: int) -> Facts:
    """The response of a child as young as the form takes it."""
    months = ON.year * 12 + ON.month - 1 - form.age_from
    born = date(months // 12, months % 12 + 1, 1)
    told = {"county_terc": "2469", "sex": "male", "informant": min(form.informants), "has_consent": False}
    told |= {"birth_month": born, "age_months": completed_months(born, ON), "institution_id": uuid.UUID(int=5)}
    told |= {"source": "clinic", "external_id": str(uuid.uuid4())}
    made_at = datetime(2026, 3, 14, 12, tzinfo=UTC)
    screened = Screened("1", str(uuid.uuid4()), "scored", code, number, form.code, ON, made_at, answers, told)
    sent: Facts = json.loads(json.dumps(response_of(screened, form)))
    return sent


def texts_of(form: FormPlan, answers: Facts) -> list[Facts]:
    """What a client sends of free text; the platform itself never sends any."""
    texts = [leaf for leaf in form.leaves if leaf.type == ItemType.TEXT and _is_told(leaf, answers)]
    return [{"linkId": leaf.code, "answer": [{"valueString": answers[leaf.code]}]} for leaf in texts]


def _is_told(leaf: Leaf, answers: Facts) -> bool:
    return leaf.code in answers and answers[leaf.code] not in leaf.no_answers


def with_texts(sent: Facts, texts: list[Facts]) -> Facts:
    return sent | {"item": sent.get("item", []) + texts} if texts else sent


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_every_answer_that_an_instrument_takes_travels(data: st.DataObject) -> None:
    document = data.draw(instruments())
    form = compile_plan(Definition.model_validate(document)).forms["F"]
    answers = known_answers(document, form, data)
    sent = with_texts(sent_for(form, answers, "EXAMPLE", 1), texts_of(form, answers))
    read = FhirQuestionnaireResponse.model_validate(sent).model_dump(exclude_none=True)
    told = received(read, form, CIVIL_TIME)
    assert (told.faults, told.missing) == ([], [])
    assert told.facts["answers"] == answers
    assert told.facts["submission"]["administered_on"] == ON


@pytest.fixture
async def codes(screening: httpx.AsyncClient) -> dict[str, str]:
    """The codes of all instruments, published; that of the demonstration is known from the start."""
    own, found = screening.headers["authorization"], {"demo_1": "DEMO"}
    screening.headers.update(MANAGER)
    for name, document in POSTED.items():
        if name not in found:
            path = await publish(screening, await draft(screening, document))
            found[name] = path.split("/")[-3]
    screening.headers["authorization"] = own
    return found


@pytest.mark.parametrize("name", sorted(POSTED))
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
async def test_what_is_posted_is_read_as_it_was_posted(
    screening: httpx.AsyncClient, codes: dict[str, str], name: str, data: st.DataObject
) -> None:
    plan = compile_plan(Definition.model_validate(POSTED[name]))
    form = plan.forms[data.draw(st.sampled_from(sorted(plan.forms)))]
    answers = known_answers(POSTED[name], form, data)
    assume(answers)  # an empty form is refused
    sent = sent_for(form, answers, codes[name], 1)
    answer = await screening.post(f"{URL}/QuestionnaireResponse", json=with_texts(sent, texts_of(form, answers)))
    assert answer.status_code == 201, answer.text
    read = (await screening.get(answer.headers["location"])).json()
    assert read == answer.json() == sent | {"id": read["id"], "meta": read["meta"]}
    kept = (await screening.get(f"/v1/screening/screenings/{read['id']}")).json()
    assert (kept["answers"], kept["source"], kept["has_consent"]) == (answers, "clinic", False)


@pytest.mark.parametrize(("signs", "said"), [([], {"SIGNS": "none_chosen"}), ("refused", {}), (["2", "one"], {})])
async def test_free_text_comes_in_and_never_out_and_why_not_travels_both_ways(
    screening: httpx.AsyncClient, codes: dict[str, str], signs: str | list[str], said: dict[str, str]
) -> None:
    form = compile_plan(Definition.model_validate(OF_EVERY_KIND)).forms["A"]
    answers: Facts = {
        "Q1": "no",
        "SAID": "Mówi o tym mama.",
        "SINCE": "refused",
        "TIMES": "not_observed",
        "SIGNS": signs,
    }
    sent = with_texts(sent_for(form, answers, codes["of every kind"], 1), texts_of(form, answers))
    why_not = {item["linkId"]: item["extension"][0]["valueCode"] for item in sent["item"] if "extension" in item}
    assert why_not == {"SINCE": "refused", "TIMES": "not_observed", **said}
    answer = await screening.post(f"{URL}/QuestionnaireResponse", json=sent)
    kept = (await screening.get(f"/v1/screening/screenings/{answer.json()['id']}")).json()
    read = await screening.get(answer.headers["location"])
    assert (kept["answers"], read.json()["item"]) == (
        answers,
        [item for item in sent["item"] if "SAID" not in str(item)],
    )
    assert "mama" not in read.text + answer.text


@pytest.mark.parametrize(
    ("item", "pointer", "code"),
    [
        ({"extension": [{"url": "urn:x", "valueCode": "refused"}]}, "/extension/0/url", "unknown"),
        ({"extension": [{"url": NO_ANSWER, "valueString": "refused"}]}, "/extension/0", "wrong_type"),
        ({"extension": [{"url": NO_ANSWER, "valueCode": "lost"}]}, "/extension/0/valueCode", "not_listed"),
        ({"extension": [{"url": NO_ANSWER, "valueCode": "none_chosen"}]}, "/extension/0/valueCode", "not_listed"),
        ({"extension": [{"url": NO_ANSWER, "valueCode": "refused"}] * 2}, "/extension", "not_allowed"),
        (
            {"extension": [{"url": NO_ANSWER, "valueCode": "refused"}], "answer": [{"valueInteger": 1}]},
            "/extension",
            "not_allowed",
        ),
        ({"answer": [{"valueDecimal": 1.0}]}, "/answer/0", "wrong_type"),
        ({"answer": [{"valueInteger": 1, "valueString": "1"}]}, "/answer/0", "wrong_type"),
        ({"answer": [{}]}, "/answer/0", "wrong_type"),
    ],
)
def test_why_not_is_one_of_the_known_reasons_and_stands_alone(item: Facts, pointer: str, code: str) -> None:
    form = compile_plan(Definition.model_validate(OF_EVERY_KIND)).forms["A"]
    sent = sent_for(form, {}, "EXAMPLE", 1) | {"item": [{"linkId": "TIMES"} | item]}
    read = FhirQuestionnaireResponse.model_validate(sent).model_dump(exclude_none=True)
    assert received(read, form, CIVIL_TIME).faults == [(f"/item/0{pointer}", code)]
