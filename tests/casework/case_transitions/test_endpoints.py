"""A case moves when it is ready, and is told what is missing when it is not."""

import httpx
import pytest

from tests.casework.cases.made import CASES, consented, moved, opened, with_team
from tests.casework.people.made import tag
from tests.casework.people.test_endpoints import rows
from tests.casework.referrals.registries import FakeRegistry, playing
from tests.support.problems import assert_problem


async def test_a_case_without_basis_and_guardian_is_told_both(casework: httpx.AsyncClient) -> None:
    case = await opened(casework)
    answer = await casework.post(f"{CASES}/{case['id']}/consent", json={}, headers=tag(case))
    assert assert_problem(answer, 409, "case-not-ready")["missing"] == ["legal_basis", "guardian"]
    assert (await casework.get(f"{CASES}/{case['id']}")).json() == case


async def test_a_case_is_consented_assessed_and_then_needs_assessment_and_team(casework: httpx.AsyncClient) -> None:
    case = await moved(casework, await consented(casework), "assess")
    path = f"{CASES}/{case['id']}/consult-team"
    missing = ["assessment", "team_health", "team_education", "team_social_assistance"]
    answer = await casework.post(path, json={}, headers=tag(case))
    assert assert_problem(answer, 409, "case-not-ready")["missing"] == missing
    await with_team(casework, case)
    answer = await casework.post(path, json={}, headers=tag(case))
    assert assert_problem(answer, 409, "case-not-ready")["missing"] == ["assessment"]


async def test_a_lead_centres_case_needs_a_document_that_admits(casework: httpx.AsyncClient) -> None:
    async with playing(FakeRegistry(centres=["2469"])):
        case = await consented(casework, track="wokro")
    answer = await casework.post(f"{CASES}/{case['id']}/assess", json={}, headers=tag(case))
    assert assert_problem(answer, 409, "case-not-ready")["missing"] == ["eligibility_document"]


@pytest.mark.parametrize("verb", ["assess", "consult-team", "agree-plan", "start", "review", "resume", "close"])
async def test_a_verb_too_early_is_told_what_is_allowed(casework: httpx.AsyncClient, verb: str) -> None:
    case = await opened(casework)
    answer = await casework.post(f"{CASES}/{case['id']}/{verb}", json={"reason": "x"}, headers=tag(case))
    body = assert_problem(answer, 409, "state-conflict")
    assert (body["state"], body["allowed"]) == ("draft", ["consent", "transfer", "withdraw"])


async def test_a_family_leaves_with_a_reason_and_it_stays_in_the_history(casework: httpx.AsyncClient) -> None:
    case = await consented(casework)
    answer = await casework.post(f"{CASES}/{case['id']}/withdraw", json={}, headers=tag(case))
    assert assert_problem(answer, 409, "case-not-ready")["missing"] == ["reason"]
    ended = await moved(casework, case, "withdraw", reason="family_moved")
    assert (ended["state"], ended["closing_reason"], ended["allowed"]) == ("withdrawn", "family_moved", [])
    timeline = (await casework.get(f"{CASES}/{case['id']}/timeline")).json()
    steps = [(entry["verb"], entry["state"], entry["reason"]) for entry in timeline["items"]]
    assert steps == [("open", "draft", None), ("consent", "consented", None), ("withdraw", "withdrawn", "family_moved")]
    numbers = await rows(casework, "SELECT number FROM case_steps ORDER BY number")
    assert [row[0] for row in numbers] == [1, 2, 3]
