"""FHIR R4: every document that the facade makes, against the JSON Schema of FHIR R4 (4.0)."""

import json
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.screening.fhir.rules.results import Screened, observation_of, response_of
from services.screening.fhir.schemas import FhirQuestionnaireResponse
from services.screening.fhir_questionnaires.rules.questionnaires import questionnaire_of
from services.screening.instruments.rules.definitions import Definition
from services.screening.instruments.rules.outcomes import Child
from services.screening.instruments.rules.plans import Plan, compile_plan
from services.screening.instruments.rules.scoring import score
from services.screening.screenings.rules.states import State
from tests.screening.fhir.sent import MONTH, response
from tests.screening.fhir.test_rules import DOCUMENTS, VERSION
from tests.screening.instruments.generated import answers as answers_to
from tests.screening.instruments.generated import instruments, known_codes, leaves
from tests.screening.screenings.made import CALLING, act, add_screening
from tests.support.fhir import Faults, fetch_schema
from tests.support.npm import NotInstalled

URL = "/v1/screening/fhir"
Facts = dict[str, Any]


@pytest.fixture(scope="module")
def faults(tmp_path_factory: pytest.TempPathFactory) -> Faults:
    """What the schema finds wrong with a resource."""
    try:
        return fetch_schema(tmp_path_factory.mktemp("fhir"))
    except NotInstalled as why:
        pytest.skip(str(why))


def as_sent(resource: Facts) -> Facts:
    sent: Facts = json.loads(json.dumps(resource))
    return sent


def resources_of(plan: Plan, form: str, answers: Facts, state: str, on: date | None) -> list[Facts]:
    """A response with these answers, and an observation of each scale."""
    child: Facts = {"age_months": plan.forms[form].age_from, "sex": "female", "informant": "parent"}
    result = score(plan, form, answers, Child(**child), None)
    assert result.problems == ()
    recorded = datetime(2026, 3, 14, 12, tzinfo=UTC)
    told = {"county_terc": "2469", **child, "birth_month": date(2024, 3, 1), "stage": 2, "implementer": "project"}
    told |= {"institution_id": VERSION.id, "campaign_id": VERSION.id, "has_consent": True}
    told |= {"source": "clinic", "external_id": "2026/0001"}
    screened = Screened(VERSION.id, VERSION.id, state, "EXAMPLE", 1, form, on, recorded, answers, told)
    made = [response_of(screened, plan.forms[form])]
    made += [observation_of(screened, plan, result, number) for number in range(len(result.scales))]
    return [as_sent(one) for one in made]


def every_answer(document: Facts) -> list[Facts]:
    """Answers of which each is the first that an item knows, then the second, and so on."""
    known = {
        leaf: known_codes(item)
        for item in document["items"]
        for leaf in leaves(item)
        if item["type"] != "multi_select" and known_codes(item) and "asked_when" not in item
    }
    most = max(len(codes) for codes in known.values())
    return [{}] + [{leaf: codes[place % len(codes)] for leaf, codes in known.items()} for place in range(most)]


def test_the_schema_finds_what_is_wrong(faults: Faults) -> None:
    document = next(iter(DOCUMENTS.values()))
    made = as_sent(questionnaire_of(Definition.model_validate(document), 0, VERSION))
    assert faults(made) == []
    for wrong in ({"status": "published"}, {"steps": 8}, {"item": [{"linkId": "1", "type": "list"}]}, {"version": 1}):
        assert len(faults(made | wrong)) == 1


@pytest.mark.parametrize("state", ["draft", "published", "retired"])
@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_every_form_of_an_instrument_is_a_questionnaire_of_r4(faults: Faults, name: str, state: str) -> None:
    definition = Definition.model_validate(DOCUMENTS[name])
    for number in range(len(definition.forms)):
        made = questionnaire_of(definition, number, VERSION._replace(state=state))
        assert faults(as_sent(made)) == []


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_every_answer_and_score_of_an_instrument_is_a_resource_of_r4(faults: Faults, name: str) -> None:
    plan = compile_plan(Definition.model_validate(DOCUMENTS[name]))
    for form in plan.forms:
        asked = {leaf.code for leaf in plan.forms[form].leaves}
        for given_ in every_answer(DOCUMENTS[name]):
            answers = {leaf: code for leaf, code in given_.items() if leaf in asked}
            for made in resources_of(plan, form, answers, "scored", date(2026, 3, 14)):
                assert faults(made) == []


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_whatever_is_asked_and_answered_all_three_are_resources_of_r4(faults: Faults, data: st.DataObject) -> None:
    document = data.draw(instruments())
    definition = Definition.model_validate(document)
    assert faults(as_sent(questionnaire_of(definition, 0, VERSION))) == []
    plan = compile_plan(definition)
    asked_always = {leaf for item in document["items"] if "asked_when" not in item for leaf in leaves(item)}
    drawn = data.draw(answers_to(document, faulty=False))
    answers = {leaf: answer for leaf, answer in drawn.items() if answer is not None and leaf in asked_always}
    state = data.draw(st.sampled_from(State))
    for made in resources_of(plan, "F", answers, state, data.draw(st.none() | st.just(date(2026, 3, 14)))):
        assert faults(made) == []


async def test_what_is_answered_is_as_the_schema_says(faults: Faults, screening: httpx.AsyncClient) -> None:
    made = await add_screening(screening, answers=CALLING | {"Y_MOVE1": "not_observed"})
    for verb in ("confirm", "annul"):
        for path in (
            f"QuestionnaireResponse?subject={made['subject_ref']}",
            f"Observation?subject={made['subject_ref']}",
            "QuestionnaireResponse?questionnaire=urn:splot:instrument:NONE:NONE",
            "Questionnaire?instrument=DEMO",
            "Questionnaire?instrument=NONE",
            f"QuestionnaireResponse/{made['id']}",
            f"Observation?screening_id={made['id']}",
            f"Observation/{made['id']}.0",
        ):
            answer = await screening.get(f"{URL}/{path}")
            assert (answer.status_code, faults(answer.json())) == (200, [])
        made = (await act(screening, made, verb, {"reason": "pomyłka"} if verb == "annul" else None)).json()


async def test_what_is_taken_and_answered_of_a_response_is_as_the_schema_says(
    faults: Faults, screening: httpx.AsyncClient
) -> None:
    (example,) = FhirQuestionnaireResponse.model_json_schema()["examples"]
    for taken in (example, response(), response({"status": "in-progress"}, birth_date=None), response(**MONTH)):
        assert faults(taken) == []
        answer = await screening.post(f"{URL}/QuestionnaireResponse", json=taken)
        assert (answer.status_code, faults(answer.json())) == (201, [])


async def test_the_capability_statement_is_as_the_schema_says(faults: Faults, screening: httpx.AsyncClient) -> None:
    made = (await screening.get(f"{URL}/metadata")).json()
    (unknown,) = faults(made)
    assert "fhirVersion" in unknown, "the schema is of 4.0.0 and cannot know of its technical correction"
    assert (made["fhirVersion"], faults(made | {"fhirVersion": "4.0.0"})) == ("4.0.1", [])
