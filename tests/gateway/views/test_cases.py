"""A child's case on one screen."""

from typing import Any

import pytest

from tests.casework.cases.made import based, opened, with_team
from tests.casework.people.made import registered
from tests.casework.plans.made import active, case_with_team
from tests.gateway.views.conftest import COORDINATOR, Screens
from tests.screening.screenings.made import add_screening
from tests.support.callers import call_as, claims, token
from tests.support.problems import assert_problem
from tests.support.records import change

ROLES = {"roles": ["county_coordinator", "early_screening_coordinator"]}
BOTH = {"authorization": f"Bearer {token(claims('county_coordinator') | ROLES)}"}


@pytest.fixture
async def host(screens: Screens) -> dict[str, Any]:
    body = {"name": "Poradnia nr 1", "type": "psych_ped_counselling_centre", "county_terc": "2469"}
    made: dict[str, Any] = await screens.make("registry", "/institutions", body)
    return made


async def test_a_case_is_shown_with_its_child_team_plan_and_next_steps(screens: Screens, host: dict[str, Any]) -> None:
    casework = screens.services["casework"]
    case = await case_with_team(casework)
    await active(casework, case)
    await active(casework, await case_with_team(casework))
    await change(casework, "UPDATE cases SET institution_id = CAST(:id AS uuid)", id=host["id"])
    answer = await screens.get(f"/cases/{case['id']}")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    shown = answer.json()
    assert (shown["case"]["id"], shown["partial"]) == (case["id"], [])
    assert shown["child"]["id"] == shown["case"]["person_id"]
    assert len(shown["team"]["items"]) == 3
    assert [plan["state"] for plan in shown["plans"]["items"]] == ["active"]
    assert {step["case_id"] for step in shown["next_steps"]["items"]} == {case["id"]}
    assert {"id": host["id"], "name": "Poradnia nr 1"} in shown["institutions"]
    assert "screening" not in shown
    assert_problem(
        await screens.get(f"/cases/{case['id']}", call_as("county_coordinator", counties=["2401"])),
        404,
        "case-not-found",
    )


async def test_a_result_that_the_child_was_referred_by_is_shown_to_who_reads_it_and_named_when_it_fails(
    screens: Screens, host: dict[str, Any]
) -> None:
    casework, screening = screens.services["casework"], screens.services["screening"]
    scored = await add_screening(screening)
    child = await registered(casework)
    referral = await screens.make("casework", "/referrals", {"source": "institution", "person_id": child["id"]})
    by_screening = "UPDATE referrals SET screening_id = CAST(:id AS uuid), source = 'screening'"
    await change(casework, by_screening, id=scored["id"])
    case = await opened(casework, person_id=child["id"], referral_id=referral["id"])
    await with_team(casework, await based(casework, case))
    sent = "UPDATE referrals SET case_id = CAST(:case AS uuid), institution_id = CAST(:host AS uuid)"
    await change(casework, sent, case=case["id"], host=host["id"])
    path = f"/cases/{case['id']}"
    assert "screening" not in await screens.view(path, COORDINATOR)
    shown = await screens.view(path, BOTH)
    assert [each["name"] for each in shown["institutions"]] == ["Poradnia nr 1"]
    result = shown["screening"]
    assert (result["screening_id"], result["is_confirmed"], result["age_months"]) == (scored["id"], False, 23)
    # Named by who failed: casework knows which screening it was.
    for service, below in (("screening", "/v1/"), ("casework", f"/v1/casework/referrals/{referral['id']}")):
        screens.gates[service].broken_below = below
        shown = await screens.view(path)
        assert [(each["service"], each["part"]) for each in shown["partial"]] == [(service, "screening")]
        screens.gates[service].broken_below = ""
    # Where no result was ever there, nothing failed.
    annulled = (
        "UPDATE screenings SET state = 'annulled', annulling_reason = 'x', result = NULL WHERE id = CAST(:id AS uuid)"
    )
    await change(screening, annulled, id=scored["id"])
    shown = await screens.view(path, BOTH)
    assert (shown["partial"], "screening" in shown) == ([], False)
    assert shown["case"]["id"] == case["id"]
