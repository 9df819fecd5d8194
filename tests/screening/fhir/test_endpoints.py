"""The FHIR facade through the API."""

from typing import Any

import httpx
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.observation import Observation
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

from tests.screening.instruments.test_endpoints import CANARY, MANAGER, draft, licensed
from tests.screening.screenings.made import act, add_screening
from tests.support.problems import assert_outcome

URL = "/v1/screening/fhir"
ITEMS = ["MOVE1", "MOVE2", "MOVE3", "HAND1", "TALK1", "TALK2", "TALK3", "SOC1", "SOC2", "PLAY1", "PLAY2"]
CALLING = {"Y_LOSS": "no", "SENSES.HEARING": "no", "SENSES.SEEING": "no"} | {f"Y_{item}": "not_yet" for item in ITEMS}
OF_FIFTY_MONTHS = {"born_on": "2022-01-15", "administered_on": "2026-03-20"}
UNKNOWN = "01990000-0000-7000-8000-00000000abcd"


async def test_the_forms_of_the_demo_are_questionnaires_with_their_texts(screening: httpx.AsyncClient) -> None:
    found = await screening.get(f"{URL}/Questionnaire?instrument=DEMO")
    assert found.headers["content-type"] == "application/fhir+json"
    Bundle.model_validate(found.json())
    younger, older = (entry["resource"] for entry in found.json()["entry"])
    assert (younger["name"], older["name"], younger["status"]) == ("DEMO_YOUNGER", "DEMO_OLDER", "active")
    one = await screening.get(f"{URL}/Questionnaire/{older['id']}")
    assert one.json() == older
    again = await screening.get(f"{URL}/Questionnaire/{older['id']}", headers={"if-none-match": one.headers["etag"]})
    assert again.status_code == 304
    assert_outcome(await screening.get(f"{URL}/Questionnaire/{UNKNOWN}.0"), 404, "fhir-resource-not-found")


async def test_a_screening_is_a_response_about_a_pseudonym(screening: httpx.AsyncClient) -> None:
    made = await add_screening(screening, answers=CALLING | {"Y_MOVE1": "not_observed"})
    response = (await screening.get(f"{URL}/QuestionnaireResponse/{made['id']}")).json()
    QuestionnaireResponse.model_validate(response)
    assert response["subject"] == {"identifier": {"system": "urn:splot:subject", "value": made["subject_ref"]}}
    items = {item["linkId"]: item for item in response["item"]}
    assert items["Y_MOVE2"]["answer"][0]["valueCoding"]["code"] == "not_yet"
    assert items["Y_MOVE1"]["answer"][0]["valueCoding"]["system"] == "urn:splot:no-answer"
    assert [inner["linkId"] for inner in items["SENSES"]["item"]] == ["SENSES.SEEING", "SENSES.HEARING"]


async def test_scores_are_preliminary_until_a_person_confirms_them(screening: httpx.AsyncClient) -> None:
    made = await add_screening(screening, answers=CALLING)
    found = (await screening.get(f"{URL}/Observation?screening_id={made['id']}")).json()
    Bundle.model_validate(found)
    by_scale = {entry["resource"]["code"]["coding"][0]["code"]: entry["resource"] for entry in found["entry"]}
    total = by_scale["TOTAL"]
    assert (total["status"], total["valueQuantity"]["value"]) == ("preliminary", 22)
    assert total["interpretation"][0]["coding"][1]["code"] == "look_closer"
    assert {part["code"]["coding"][0]["code"] for part in total["component"]} >= {"z", "t", "sten", "percentile"}
    assert (await act(screening, made, "confirm")).status_code == 200
    confirmed = (await screening.get(f"{URL}/Observation/{total['id']}")).json()
    Observation.model_validate(confirmed)
    assert confirmed["status"] == "final"
    assert_outcome(await screening.get(f"{URL}/Observation/{made['id']}.99"), 404, "fhir-resource-not-found")


async def test_the_text_of_licensed_items_is_in_no_resource_and_no_explanation(screening: httpx.AsyncClient) -> None:
    own = screening.headers["authorization"]
    screening.headers.update(MANAGER)
    path = await draft(screening, licensed())
    screening.headers["authorization"] = own
    code = path.split("/")[-3]
    tag = (await screening.get(path)).headers["etag"]
    await screening.post(f"{path}/publish", headers=MANAGER | {"if-match": tag})
    facts: dict[str, Any] = {"instrument_code": code, "answers": {"Q1": "no", "M.r": "yes"}}
    made = await add_screening(screening, **facts, submission=OF_FIFTY_MONTHS)
    asked = [f"{URL}/Questionnaire?instrument={code}", f"{URL}/QuestionnaireResponse/{made['id']}"]
    asked += [f"{URL}/Observation?screening_id={made['id']}", f"/v1/screening/screenings/{made['id']}"]
    asked += [f"/v1/screening/screenings/{made['id']}/{part}" for part in ("result", "explanation")]
    answers = [await screening.get(url) for url in asked]
    assert [answer.status_code for answer in answers] == [200] * len(asked)
    assert CANARY not in "".join(answer.text for answer in answers)
