"""Consents: given by who may act, withdrawn once, and kept sealed."""

from typing import Any

import httpx

from tests.casework.consents.asks import BASIS
from tests.casework.people.made import registered, tag
from tests.casework.people.test_endpoints import rows
from tests.support.problems import assert_problem

CONSENTS = "/v1/casework/consents"
CONSENT: dict[str, Any] = {
    "basis": "consent",
    "purpose": "screening",
    "categories": ["identity"],
    "valid_from": "2026-01-01",
    "evidence": "podpis w poradni nr 4711",
}


async def expected_child(client: httpx.AsyncClient) -> tuple[dict[str, Any], dict[str, Any]]:
    """A mother, and the child that she expects."""
    mother = await registered(client, given_name="Anna", born_on="1990-04-05")
    of_child = {"kind": "expected", "born_on": None, "sex": None, "given_name": None, "family_name": None}
    child = await registered(client, **of_child, expected_on="2026-12-24", mother_id=mother["id"])
    return mother, child


async def test_a_mother_consents_for_the_child_she_expects(casework: httpx.AsyncClient) -> None:
    mother, child = await expected_child(casework)
    body = {**CONSENT, "person_id": child["id"], "given_by_id": mother["id"]}
    consent = await casework.post(CONSENTS, json=body)
    assert consent.status_code == 201, consent.text
    assert consent.json()["exception"] == "consent"
    read = await casework.get(consent.headers["location"])
    assert read.json()["evidence"] == CONSENT["evidence"]
    [kept] = await rows(casework, "SELECT CAST(c AS text) FROM consents AS c")
    assert "4711" not in kept[0]


async def test_somebody_who_does_not_act_for_the_child_cannot_consent(casework: httpx.AsyncClient) -> None:
    child = await registered(casework)
    stranger = await registered(casework, given_name="Obcy", born_on="1980-01-01")
    for giver in (stranger, child):
        body = {**CONSENT, "person_id": child["id"], "given_by_id": giver["id"]}
        problem = assert_problem(await casework.post(CONSENTS, json=body), 422, "validation-failed")
        assert problem["errors"][0]["code"] == "may_not_act"


async def test_a_pupil_of_age_consents_alone(casework: httpx.AsyncClient) -> None:
    pupil = await registered(casework, born_on="2007-12-31")
    body = {**CONSENT, "person_id": pupil["id"], "given_by_id": pupil["id"]}
    assert (await casework.post(CONSENTS, json=body)).status_code == 201


async def test_a_consent_is_withdrawn_once_and_stays_readable(casework: httpx.AsyncClient) -> None:
    child = await registered(casework)
    consent = (await casework.post(CONSENTS, json={**BASIS, "person_id": child["id"]})).json()
    path = f"{CONSENTS}/{consent['id']}"
    after = await casework.post(f"{path}/withdraw", headers=tag(consent))
    assert after.status_code == 200
    assert after.json()["withdrawn_at"] is not None
    again = await casework.post(f"{path}/withdraw", headers=tag(after.json()))
    assert_problem(again, 409, "state-conflict")
    listed = (await casework.get(CONSENTS, params={"is_withdrawn": "true"})).json()["items"]
    assert [(one["id"], one["act"]) for one in listed] == [(consent["id"], BASIS["act"])]
    assert (await casework.get(CONSENTS, params={"is_withdrawn": "false"})).json()["items"] == []
