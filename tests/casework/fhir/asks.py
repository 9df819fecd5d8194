"""Requests to the facade in FHIR."""

from tests.casework.plan_versions import asks as plans
from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read


async def prepare(target: Target, make: Make) -> None:
    """A plan; a referral that is not there."""
    await plans.prepare(target, make)


def _care_plan(target: Target) -> Ask:
    plan: Made = target["plan"]
    related = {"guardian": plan["person_id"], "break_glass": plan["person_id"]}
    related["team"] = f"{plan['case_id']} {plan['person_id']}"
    return Ask("GET", f"/fhir/CarePlan/{plan['id']}", out_of_reach="plan-not-found", related=related)


def _search(kind: str) -> Ask:
    return Ask("POST", f"/fhir/{kind}/_search", file=b"", kind="application/x-www-form-urlencoded")


ASKS: Asks = {
    "search_care_plans": lambda _: _search("CarePlan"),
    "search_service_requests": lambda _: _search("ServiceRequest"),
    "get_casework_capabilities": asks_to_read("/fhir/metadata"),
    "list_care_plans": asks_to_read("/fhir/CarePlan"),
    "get_care_plan": _care_plan,
    "list_service_requests": asks_to_read("/fhir/ServiceRequest"),
    "get_service_request": lambda _: Ask(
        "GET",
        "/fhir/ServiceRequest/01990000-0000-7000-8000-0000000000f1",
        lacks="referral-not-found",
    ),
}
