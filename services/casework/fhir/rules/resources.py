"""A version of a plan as a CarePlan, and a referral as a ServiceRequest (HL7 FHIR R4).

Pure.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

_MEDIA_TYPE = "application/fhir+json"
# Identifiers, and no references: there is no Patient here to say who it is.
PERSON = "urn:splot:person"
INSTITUTION = "urn:splot:institution"
ACCOUNT = "urn:splot:account"
SERVICE = "urn:splot:support-service"
CASE = "urn:splot:case"
ICF = "http://hl7.org/fhir/sid/icf"
_ATTAINMENT = "urn:splot:goal-attainment"

PLAN_STATUS: Mapping[str, str] = {
    "draft": "draft",
    # FHIR knows no proposal: until it is carried out a plan is a draft there.
    "proposed": "draft",
    "approved": "draft",
    "active": "active",
    # The nearest that FHIR has for what a newer version has replaced.
    "superseded": "revoked",
    "completed": "completed",
}
ACTIVITY_STATUS: Mapping[str, str] = {
    "proposed": "not-started",
    "accepted": "scheduled",
    "in_progress": "in-progress",
    "done": "completed",
    "not_done": "stopped",
    "planned": "scheduled",
    "skipped": "cancelled",
}
REFERRAL_STATUS: Mapping[str, str] = {
    "sent": "active",
    "received": "active",
    "accepted": "active",
    "scheduled": "active",
    "completed": "completed",
    # FHIR does not tell apart who ended it, nor why.
    "no_show": "revoked",
    "declined": "revoked",
    "withdrawn": "revoked",
    "expired": "revoked",
}


class PlanFacts(NamedTuple):
    """A version of a plan with its parts, each by the names of its fields."""

    plan: Mapping[str, Any]
    goals: Sequence[Mapping[str, Any]]
    recommendations: Sequence[Mapping[str, Any]]
    steps: Sequence[Mapping[str, Any]]


def _identified(system: str, value: object) -> dict[str, Any]:
    return {"identifier": {"system": system, "value": str(value)}}


def _meta(version: int, changed_at: datetime) -> dict[str, Any]:
    return {"versionId": str(version), "lastUpdated": changed_at.isoformat()}


def care_plan_of(facts: PlanFacts) -> dict[str, Any]:
    """A version of a plan: its goals are contained in it, recommendations and steps are
    its activities.
    """
    plan = facts.plan
    subject = _identified(PERSON, plan["person_id"])
    numbered = list(enumerate(facts.goals, 1))
    places = {str(goal["id"]): f"#goal-{place}" for place, goal in numbered}
    contained = [_goal(goal, place, subject) for place, goal in numbered]
    activities = [
        *[_recommendation(one, places) for one in facts.recommendations],
        *[_step(one) for one in facts.steps],
    ]
    return _without_nothing(
        {
            "resourceType": "CarePlan",
            "id": str(plan["id"]),
            "meta": _meta(plan["version"], plan["changed_at"]),
            # Goals have no address of their own, so they stand inside the plan.
            "contained": contained,
            "identifier": [
                {"system": CASE, "value": f"{plan['case_id']}/{plan['number']}"}
            ],
            "status": PLAN_STATUS[plan["state"]],
            "intent": "plan",
            "description": plan["summary"],
            "subject": subject,
            "period": _period(plan["starts_on"], plan["ends_on"]),
            "author": _identified(ACCOUNT, plan["author"]),
            "goal": [{"reference": place} for place in places.values()],
            "activity": activities,
        }
    )


def _goal(
    goal: Mapping[str, Any], place: int, subject: Mapping[str, Any]
) -> dict[str, Any]:
    levels = goal["levels"] or []
    coding = [{"system": ICF, "code": goal["icf_code"]}] if goal["icf_code"] else []
    targets = [
        {
            "measure": {"coding": [{"system": _ATTAINMENT, "code": str(level)}]},
            "detailString": text,
        }
        # Goal attainment scaling: from much less (-2) to much more (2) than expected.
        for level, text in zip(range(-2, 3), levels, strict=False)
    ]
    return _without_nothing(
        {
            "resourceType": "Goal",
            "id": f"goal-{place}",
            # FHIR demands one, and a goal here has no states.
            "lifecycleStatus": "active",
            "category": [{"text": goal["subject"]}],
            "description": _without_nothing({"coding": coding, "text": goal["text"]}),
            "subject": subject,
            "target": targets,
        }
    )


def _recommendation(
    one: Mapping[str, Any], places: Mapping[str, str]
) -> dict[str, Any]:
    goal = places.get(str(one["goal_id"]))
    performer = (
        [_identified(INSTITUTION, one["institution_id"])]
        if one["institution_id"]
        else []
    )
    return {
        "detail": _without_nothing(
            {
                "kind": "ServiceRequest",
                "status": ACTIVITY_STATUS[one["state"]],
                "statusReason": {"text": one["reason"]} if one["reason"] else None,
                "goal": [{"reference": goal}] if goal else [],
                "scheduledPeriod": {"end": str(one["due_on"])},
                "performer": performer,
                "description": one["text"],
            }
        )
    }


def _step(step: Mapping[str, Any]) -> dict[str, Any]:
    day = step["done_on"] or step["due_on"]
    return {
        "detail": _without_nothing(
            {
                "kind": "Appointment",
                "status": ACTIVITY_STATUS[step["state"]],
                "statusReason": {"text": step["reason"]} if step["reason"] else None,
                # R4 has no single day here: it is a period from itself to itself.
                "scheduledPeriod": {"start": str(day), "end": str(day)},
                "description": step["text"],
            }
        )
    }


def service_request_of(referral: Mapping[str, Any]) -> dict[str, Any]:
    """A referral to a support service."""
    institution, at = referral["institution_id"], referral["scheduled_at"]
    person = referral["person_id"]
    return _without_nothing(
        {
            "resourceType": "ServiceRequest",
            "id": str(referral["id"]),
            "meta": _meta(referral["version"], referral["changed_at"]),
            "status": REFERRAL_STATUS[referral["state"]],
            "intent": "order",
            "code": {
                "coding": [
                    {"system": SERVICE, "code": str(referral["support_service_id"])}
                ]
            },
            "subject": _identified(PERSON, person),
            "occurrenceDateTime": at.isoformat() if at else None,
            "authoredOn": str(referral["sent_on"]),
            "requester": _identified(ACCOUNT, referral["sent_by"]),
            "performer": [_identified(INSTITUTION, institution)] if institution else [],
        }
    )


def _period(starts_on: date, ends_on: date | None) -> dict[str, str]:
    return {"start": str(starts_on)} | ({"end": str(ends_on)} if ends_on else {})


def _without_nothing(resource: Mapping[str, Any]) -> dict[str, Any]:
    """FHIR has no null and no empty list: what is not there is left out."""
    return {
        name: value
        for name, value in resource.items()
        if value is not None and value not in ([], {})
    }


_DOCUMENTATION = (
    "A page has _count resources, at most 200; 0 gives the total alone. The total is"
    " absent beyond 10,000. Pages follow by the link `next`. _format is JSON alone."
    " Unknown parameters are refused. A refusal is an OperationOutcome."
)


def capability_statement(
    searched_by: Mapping[str, Sequence[str]], base: str
) -> dict[str, Any]:
    """What the facade at this address offers: resources, and what they are searched by."""
    kinds = {"_id": "token", "_lastUpdated": "date", "subject": "reference"}
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        # When this statement changed: the same for everybody who asks.
        "date": "2026-11-29",
        "kind": "instance",
        "software": {"name": "Splot"},
        "implementation": {
            "description": "Splot: casework, as FHIR R4",
            "url": base,
        },
        "fhirVersion": "4.0.1",
        "format": [_MEDIA_TYPE, "json"],
        "rest": [
            {
                "mode": "server",
                "documentation": _DOCUMENTATION,
                "resource": [
                    {
                        "type": resource,
                        "interaction": [{"code": "read"}, {"code": "search-type"}],
                        "versioning": "versioned",
                        "readHistory": False,
                        "conditionalRead": "not-match",
                        "searchParam": [
                            {"name": name, "type": kinds[name]} for name in names
                        ],
                    }
                    for resource, names in searched_by.items()
                ],
            }
        ],
    }
