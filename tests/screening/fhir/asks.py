"""Requests to the FHIR facade, about the demonstration instrument and one screening made with it."""

from tests.screening.fhir.sent import response
from tests.screening.screenings.made import screening
from tests.support.asks import Ask, Asks, Make, Target, asks_to_read
from tests.support.callers import call_as
from tests.support.matrix import make_institution

EVERYTHING = call_as(scope="screening:write", counties=["*"], institution=None)


async def prepare(target: Target, make: Make) -> None:
    """A scored screening of the institution, and the Questionnaire of its form."""
    await make_institution(target, make)
    answers = {"Y_MOVE1": "yes", "Y_LOSS": "no"}
    facts = {"answers": answers, "county_terc": target.county, "institution_id": target["institution"]["id"]}
    target.made["screening"] = await make("/screenings", screening(**facts))
    found = await target.client.get("/v1/screening/fhir/Questionnaire?instrument=DEMO", headers=EVERYTHING)
    target.made["questionnaire"] = found.json()["entry"][0]["resource"]


def _search(kind: str, form: bytes) -> Ask:
    return Ask("POST", f"/fhir/{kind}/_search", file=form, kind="application/x-www-form-urlencoded")


ASKS: Asks = {
    "list_questionnaires": asks_to_read("/fhir/Questionnaire"),
    "search_questionnaires": lambda _: _search("Questionnaire", b""),
    "get_questionnaire": asks_to_read(lambda target: f"/fhir/Questionnaire/{target['questionnaire']['id']}"),
    "get_capability_statement": asks_to_read("/fhir/metadata"),
    "list_questionnaire_responses": asks_to_read(
        lambda target: f"/fhir/QuestionnaireResponse?subject={target['screening']['subject_ref']}"
    ),
    "create_questionnaire_response": lambda target: Ask(
        "POST",
        "/fhir/QuestionnaireResponse",
        response(county=target.county, institution=target["institution"]["id"]),
        out_of_reach="outside-scope",
    ),
    "search_questionnaire_responses": lambda target: _search(
        "QuestionnaireResponse", b"subject=" + target["screening"]["subject_ref"].encode()
    ),
    "search_observations": lambda target: _search(
        "Observation", b"subject=" + target["screening"]["subject_ref"].encode()
    ),
    "get_questionnaire_response_version": lambda target: Ask(
        "GET",
        f"/fhir/QuestionnaireResponse/{target['screening']['id']}/_history/{target['screening']['version']}",
        out_of_reach="screening-not-found",
    ),
    "get_questionnaire_response": lambda target: Ask(
        "GET", f"/fhir/QuestionnaireResponse/{target['screening']['id']}", out_of_reach="screening-not-found"
    ),
    "list_observations": lambda target: Ask(
        "GET", f"/fhir/Observation?screening_id={target['screening']['id']}", out_of_reach="screening-not-found"
    ),
    "get_observation": lambda target: Ask(
        "GET", f"/fhir/Observation/{target['screening']['id']}.0", out_of_reach="screening-not-found"
    ),
}
