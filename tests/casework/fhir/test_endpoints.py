"""Plans as CarePlans: valid by the published schema, and nobody else's."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.casework.fhir.rules.resources import ACTIVITY_STATUS, PLAN_STATUS, REFERRAL_STATUS, service_request_of
from services.casework.plan_steps.schemas import StepState
from services.casework.plans.rules.life import PlanState
from services.casework.plans.rules.recommendations import RecommendationState
from services.casework.referrals.rules import ReferralState
from tests.casework.people.test_endpoints import rows
from tests.casework.plans.made import FAMILY_GOAL, active, case_with_team
from tests.support.callers import call_as
from tests.support.fhir import Faults, fetch_schema
from tests.support.npm import NotInstalled
from tests.support.problems import assert_outcome

CARE_PLANS = "/v1/casework/fhir/CarePlan"


@pytest.fixture(scope="session")
def faults(tmp_path_factory: pytest.TempPathFactory) -> Faults:
    """What is wrong with a resource by the JSON Schema of FHIR R4."""
    try:
        return fetch_schema(tmp_path_factory.mktemp("fhir"))
    except NotInstalled as reason:
        pytest.skip(str(reason))


async def test_a_plan_is_a_valid_care_plan_that_contains_its_goals(casework: httpx.AsyncClient, faults: Faults) -> None:
    plan = await active(casework, await case_with_team(casework))
    answer = await casework.get(f"{CARE_PLANS}/{plan['id']}")
    assert answer.headers["content-type"] == "application/fhir+json"
    resource = answer.json()
    assert faults(resource) == []
    assert (resource["status"], resource["intent"]) == ("active", "plan")
    [goal] = resource["contained"]
    assert goal["description"]["text"] == FAMILY_GOAL["text"]
    assert resource["goal"] == [{"reference": f"#{goal['id']}"}]
    assert [one["detail"]["kind"] for one in resource["activity"]] == ["ServiceRequest", "Appointment"]
    assert resource["subject"]["identifier"] == {"system": "urn:splot:person", "value": plan["person_id"]}


async def test_a_search_finds_the_plans_of_a_person_and_no_other(casework: httpx.AsyncClient, faults: Faults) -> None:
    plan = await active(casework, await case_with_team(casework))
    await active(casework, await case_with_team(casework))
    query = {"subject:identifier": f"urn:splot:person|{plan['person_id']}"}
    bundle = (await casework.get(CARE_PLANS, params=query)).json()
    assert faults(bundle) == []
    assert [entry["resource"]["id"] for entry in bundle["entry"]] == [plan["id"]]
    assert (await casework.get(CARE_PLANS)).json()["total"] == 2
    assert "entry" not in (await casework.get(CARE_PLANS, params={"_lastUpdated": "ge2098-01-01"})).json()
    stranger = call_as("county_coordinator", counties=["2401"])
    assert (await casework.get(CARE_PLANS, headers=stranger)).json()["total"] == 0


async def test_an_unknown_parameter_is_refused(casework: httpx.AsyncClient) -> None:
    assert_outcome(await casework.get(CARE_PLANS, params={"patient": "x"}), 422, "validation-failed")
    assert_outcome(await casework.get(f"{CARE_PLANS}/{UUID(int=7)}"), 404, "plan-not-found")


async def test_a_search_is_paged_and_a_plan_says_its_version(casework: httpx.AsyncClient, faults: Faults) -> None:
    plans = [await active(casework, await case_with_team(casework)) for _ in range(2)]
    first = (await casework.get(CARE_PLANS, params={"_count": 1})).json()
    assert (first["total"], [one["relation"] for one in first["link"]]) == (2, ["self", "next"])
    second = (await casework.get(first["link"][1]["url"])).json()
    entries = [*first["entry"], *second["entry"]]
    assert [entry["resource"]["id"] for entry in entries] == [plan["id"] for plan in reversed(plans)]
    assert faults(first) == faults(second) == []
    one = await casework.get(entries[0]["fullUrl"])
    assert (one.json(), one.headers["etag"]) == (
        entries[0]["resource"],
        f'W/"{entries[0]["resource"]["meta"]["versionId"]}"',
    )
    known = {"if-none-match": one.headers["etag"]}
    assert (await casework.get(entries[0]["fullUrl"], headers=known)).status_code == 304
    form = {"content-type": "application/x-www-form-urlencoded"}
    asked = f"subject:identifier={plans[0]['person_id']}&_id={plans[0]['id']},{plans[1]['id']}"
    found = await casework.post(f"{CARE_PLANS}/_search", content=asked, headers=form)
    assert [entry["resource"]["id"] for entry in found.json()["entry"]] == [plans[0]["id"]]
    assert found.headers["cache-control"] == "no-store"
    reads = await rows(casework, "SELECT action FROM audit_records WHERE action = 'search_care_plans'")
    assert len(reads) == 1


async def test_what_the_facade_offers_is_told_without_a_token(casework: httpx.AsyncClient, faults: Faults) -> None:
    answer = await casework.get("/v1/casework/fhir/metadata", headers={"authorization": ""})
    assert answer.status_code == 200
    # The schema is of 4.0.0 and cannot know of its technical correction.
    assert faults(answer.json() | {"fhirVersion": "4.0.0"}) == []


def test_every_state_has_its_status() -> None:
    assert {*PLAN_STATUS} == {*PlanState}
    assert {*ACTIVITY_STATUS} == {*RecommendationState, *StepState}
    assert {*REFERRAL_STATUS} == {*ReferralState}


def test_a_referral_is_a_valid_service_request(faults: Faults) -> None:
    some = UUID("01990000-0000-7000-8000-0000000000f1")
    referral: dict[str, Any] = {
        "id": some,
        "version": 2,
        "changed_at": datetime(2026, 11, 2, 8, tzinfo=UTC),
        "state": "scheduled",
        "support_service_id": some,
        "person_id": some,
        "scheduled_at": datetime(2026, 12, 2, 8, tzinfo=UTC),
        "sent_on": date(2026, 11, 2),
        "sent_by": "somebody",
        "institution_id": some,
    }
    resource = service_request_of(referral)
    assert faults(resource) == []
    assert (resource["status"], resource["occurrenceDateTime"]) == ("active", "2026-12-02T08:00:00+00:00")
