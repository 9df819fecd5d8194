"""Whoever sees a child's records by their account does not act for the child by that."""

from typing import Any

import httpx

from tests.casework.accounts.made import joined
from tests.casework.consents.test_endpoints import CONSENT, CONSENTS
from tests.casework.guardianships.made import PARENT, RULING, begun, family
from tests.casework.people.made import registered, tag
from tests.casework.plans.made import PLANS, case_with_team, drafted, move
from tests.casework.referrals.asks import DESCRIBED
from tests.support.callers import claims, token
from tests.support.problems import assert_problem

REFERRALS, REQUESTS = "/v1/casework/referrals", "/v1/casework/data-subject-requests"


def _parent_and(role: str, **facts: Any) -> dict[str, str]:
    """The headers of somebody who works in that role, and is a parent."""
    both = claims(role, **facts) | {"roles": [role, "guardian"]}
    return {"authorization": f"Bearer {token(both)}"}


async def test_a_parent_whom_a_pupil_of_age_lets_see_decides_nothing(casework: httpx.AsyncClient) -> None:
    pupil, parent, _ = await family(casework, born_on="2005-01-01", given_name="Jan", sex="male")
    sees = {"kind": "adult_consent", "scopes": ["records"], "starts_on": "2023-03-01"}
    await begun(casework, pupil, parent, **sees)
    account, own = await joined(casework, parent, "anna"), await joined(casework, pupil, "jan")
    given = {**CONSENT, "person_id": pupil["id"], "given_by_id": pupil["id"], "valid_from": "2026-01-01"}
    consent = (await casework.post(CONSENTS, json=given)).json()
    path = f"{CONSENTS}/{consent['id']}"
    assert (await casework.get(path, headers=account)).status_code == 200
    referral = {"source": "parent", "person_id": pupil["id"]}
    sent = (await casework.post(REFERRALS, json=referral)).json()
    asked = {"person_id": pupil["id"], "kind": "erasure"}
    reason = {"reason": "family_declined"}
    taken_back = f"{REFERRALS}/{sent['id']}/withdraw"
    for answer in (
        await casework.post(f"{path}/withdraw", headers=account | tag(consent)),
        await casework.post(REQUESTS, json=asked, headers=account),
        await casework.post(REFERRALS, json=referral, headers=account),
        await casework.post(taken_back, json=reason, headers=account | tag(sent)),
    ):
        assert_problem(answer, 403, "does-not-act-for-child")
    assert (await casework.post(REQUESTS, json=asked, headers=own)).status_code == 201
    assert (await casework.post(f"{path}/withdraw", headers=own | tag(consent))).status_code == 200
    assert (await casework.post(taken_back, json=reason, headers=own | tag(sent))).status_code == 200


async def test_whom_a_court_lets_read_alone_neither_approves_nor_consents(casework: httpx.AsyncClient) -> None:
    case = await case_with_team(casework)
    child, carer = {"id": case["person_id"]}, await registered(casework, **PARENT)
    facts = {"kind": "parental_limited", "scopes": ["records"], "starts_on": "2026-01-01", "ruling": RULING}
    await begun(casework, child, carer, **facts)
    account = await joined(casework, carer, "carer")
    plan = await move(casework, await drafted(casework, case), "propose")
    path = f"{PLANS}/{plan['id']}"
    assert (await casework.get(path, headers=account)).status_code == 200
    by_account = account | tag(plan)
    for verb, body in (("approve", {}), ("return", {"reason": "x"})):
        answer = await casework.post(f"{path}/{verb}", json=body, headers=by_account)
        assert_problem(answer, 403, "does-not-act-for-child")
    on_paper = await casework.post(f"{path}/approve", json={"approver_id": carer["id"]}, headers=tag(plan))
    assert_problem(on_paper, 403, "approver-may-not-act")
    given = {**CONSENT, "person_id": child["id"], "given_by_id": carer["id"]}
    refused = assert_problem(await casework.post(CONSENTS, json=given), 422, "validation-failed")
    assert refused["errors"][0]["code"] == "may_not_act"


async def test_a_specialist_who_is_a_parent_elsewhere_approves_for_the_team(casework: httpx.AsyncClient) -> None:
    case = await case_with_team(casework)
    child, parent, _ = await family(casework)
    await joined(casework, parent, "health")
    both = _parent_and("specialist", subject="health", counties=[], institution=None)
    assert (await casework.get(f"/v1/casework/people/{child['id']}", headers=both)).status_code == 200
    plan = await move(casework, await drafted(casework, case), "propose")
    plan = await move(casework, plan, "approve", {}, **both)
    assert ([one["side"] for one in plan["approvals"]], plan["missing"]) == (["team"], ["guardian_approval"])


async def test_a_screener_who_is_a_parent_elsewhere_refers_for_the_institution(casework: httpx.AsyncClient) -> None:
    _, parent, _ = await family(casework)
    await joined(casework, parent, "screener")
    both = _parent_and("screener", subject="screener")
    person = {**DESCRIBED, "county_terc": "2469"}
    answer = await casework.post(REFERRALS, json={"source": "institution", "person": person}, headers=both)
    assert answer.status_code == 201, answer.text
    sent = answer.json()
    path, reason = f"{REFERRALS}/{sent['id']}/withdraw", {"reason": "entered_in_error"}
    back = await casework.post(path, json=reason, headers=both | tag(sent))
    assert (back.status_code, back.json()["state"]) == (200, "withdrawn")
