"""Assessments: drafted by one, completed once, annulled with a reason."""

from typing import Any

import httpx
import pytest

from tests.casework.assessments.asks import ASSESSMENT, CONTENT
from tests.casework.assessments.made import ASSESSMENTS, completed, drafted, member, moved
from tests.casework.cases.made import consented, opened, with_team
from tests.casework.cases.made import moved as moved_case
from tests.casework.people.made import tag
from tests.casework.people.test_endpoints import rows
from tests.support.callers import call_as
from tests.support.problems import assert_problem

FINDING = CONTENT["findings"][0]


async def test_an_assessment_is_read_as_it_was_drafted(casework: httpx.AsyncClient) -> None:
    case = await consented(casework)
    screening = "01990000-0000-7000-8000-0000000000e1"
    draft = await drafted(casework, case, screening_id=screening)
    qualifiers = dict.fromkeys(("extent", "nature", "location")) | FINDING["qualifiers"]
    finding = {**FINDING, "qualifiers": qualifiers, "note": None}
    expected = ASSESSMENT | {"findings": [finding], "screening_id": screening, "state": "draft"}
    assert {name: draft[name] for name in expected} == expected
    assert draft["allowed"] == ["amend", "complete", "annul"]
    assert draft["assessor"] == "county_coordinator"
    assert (await casework.get(f"{ASSESSMENTS}/{draft['id']}")).json() == draft


@pytest.mark.parametrize(
    ("subject", "code", "qualifiers", "pointer", "error"),
    [
        ("child", "b11", {"extent": "2"}, "code", "invalid"),
        ("child", "b0", {"extent": "2"}, "code", "invalid"),
        ("child", "b110", {"extent": "5"}, "qualifiers/extent", "invalid"),
        ("child", "b110", {"extent": "+1"}, "qualifiers/extent", "invalid"),
        ("child", "b110", {"performance": "1"}, "qualifiers/performance", "not_allowed"),
        ("child", "b110", {}, "qualifiers", "missing"),
        ("pupil", "d160", {"extent": "3"}, "qualifiers/extent", "not_allowed"),
        ("family", "b110", {"extent": "2"}, "code", "not_allowed"),
        ("environment", "d160", {"performance": "1"}, "code", "not_allowed"),
        ("environment", "e310", {"extent": "+9"}, "qualifiers/extent", "invalid"),
    ],
)
async def test_a_finding_has_the_form_of_icf(
    casework: httpx.AsyncClient, subject: str, code: str, qualifiers: dict[str, str], pointer: str, error: str
) -> None:
    case = await consented(casework)
    wrong = {"subject": subject, "code": code, "qualifiers": qualifiers}
    body = {**ASSESSMENT, "case_id": case["id"], "findings": [FINDING, wrong]}
    problem = assert_problem(await casework.post(ASSESSMENTS, json=body), 422, "validation-failed")
    assert [(each["pointer"], each["code"]) for each in problem["errors"]] == [(f"/findings/1/{pointer}", error)]


async def test_a_facilitator_is_taken_and_a_code_said_twice_of_one_subject_is_not(
    casework: httpx.AsyncClient,
) -> None:
    case = await consented(casework)
    helps = {"code": "e310", "qualifiers": {"extent": "+3"}}
    both = [{"subject": subject, **helps} for subject in ("family", "environment")]
    draft = await drafted(casework, case, findings=both)
    assert [each["qualifiers"]["extent"] for each in draft["findings"]] == ["+3", "+3"]
    patch = {"findings": [both[0], both[0]]}
    answer = await casework.patch(f"{ASSESSMENTS}/{draft['id']}", json=patch, headers=tag(draft))
    assert assert_problem(answer, 422, "validation-failed")["errors"][0]["code"] == "repeated"


async def test_a_draft_is_amended_by_its_assessor_alone(casework: httpx.AsyncClient) -> None:
    case = await consented(casework)
    await with_team(casework, case)
    draft = await drafted(casework, case, by=member("health"))
    path = f"{ASSESSMENTS}/{draft['id']}"
    patch = {"needs": [], "assessed_on": "2026-01-06"}
    for other in (member("education"), call_as("county_coordinator")):
        refused = await casework.patch(path, json=patch, headers=tag(draft) | other)
        assert_problem(refused, 403, "not-own-assessment")
        assert_problem(await moved(casework, draft, "complete", by=other), 403, "not-own-assessment")
    amended = (await casework.patch(path, json=patch, headers=tag(draft) | member("health"))).json()
    assert (amended["needs"], amended["assessed_on"], amended["version"]) == ([], "2026-01-06", 2)
    assert amended["strengths"] == draft["strengths"]
    future = {"assessed_on": "2199-01-01"}
    late = await casework.patch(path, json=future, headers=tag(amended) | member("health"))
    assert assert_problem(late, 422, "validation-failed")["errors"][0]["code"] == "in_future"


@pytest.mark.parametrize(
    ("lacking", "missing"),
    [
        ({"findings": []}, ["finding"]),
        ({"strengths": []}, ["strength"]),
        ({"findings": [], "strengths": []}, ["finding", "strength"]),
    ],
)
async def test_what_is_missing_is_named_and_nothing_is_completed(
    casework: httpx.AsyncClient, lacking: dict[str, Any], missing: list[str]
) -> None:
    draft = await drafted(casework, await consented(casework), **lacking)
    problem = assert_problem(await moved(casework, draft, "complete"), 409, "assessment-not-ready")
    assert problem["missing"] == missing
    assert (await casework.get(f"{ASSESSMENTS}/{draft['id']}")).json() == draft


async def test_an_assessment_is_completed_and_annulled_once(casework: httpx.AsyncClient) -> None:
    draft = await drafted(casework, await consented(casework))
    done = (await moved(casework, draft, "complete")).json()
    assert (done["state"], done["allowed"]) == ("completed", ["annul"])
    assert done["completed_at"] is not None
    again = assert_problem(await moved(casework, done, "complete"), 409, "state-conflict")
    assert (again["state"], again["allowed"]) == ("completed", ["annul"])
    patched = await casework.patch(f"{ASSESSMENTS}/{done['id']}", json={"needs": []}, headers=tag(done))
    assert_problem(patched, 409, "state-conflict")
    annulled = (await moved(casework, done, "annul", body={"reason": "x"})).json()
    assert (annulled["state"], annulled["allowed"]) == ("annulled", [])
    assert_problem(await moved(casework, annulled, "annul", body={"reason": "x"}), 409, "state-conflict")
    events = await rows(casework, "SELECT type FROM events WHERE type LIKE 'casework.assessment.%' ORDER BY id")
    assert [event["type"].rpartition(".")[2] for event in events] == ["drafted", "completed", "annulled"]


async def test_a_coordinator_annuls_what_another_assessed_and_a_colleague_does_not(
    casework: httpx.AsyncClient,
) -> None:
    case = await consented(casework)
    await with_team(casework, case)
    done = await completed(casework, case, by=member("health"))
    reason = {"reason": "sporządzono dla innego dziecka"}
    refused = await moved(casework, done, "annul", by=member("education"), body=reason)
    assert_problem(refused, 403, "not-own-assessment")
    assert (await moved(casework, done, "annul", body=reason)).status_code == 200


async def test_nobody_is_assessed_before_there_is_a_basis_or_after_the_case_is_over(
    casework: httpx.AsyncClient,
) -> None:
    fresh = await opened(casework)
    early = await casework.post(ASSESSMENTS, json={**ASSESSMENT, "case_id": fresh["id"]})
    assert assert_problem(early, 409, "state-conflict")["state"] == "draft"
    case = await consented(casework)
    draft = await drafted(casework, case)
    await moved_case(casework, case, "withdraw", reason="family_declined")
    late = await casework.post(ASSESSMENTS, json={**ASSESSMENT, "case_id": case["id"]})
    for answer in (late, await moved(casework, draft, "complete")):
        assert assert_problem(answer, 409, "state-conflict")["state"] == "withdrawn"
