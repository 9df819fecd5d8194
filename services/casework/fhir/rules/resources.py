"""A version of a plan as a CarePlan, and a referral as a ServiceRequest (HL7 FHIR R4).

Pure.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

_MEDIA_TYPE = "application/fhir+json"
# Identifiers instead of references: this facade has no Patient resource.
PERSON = "urn:splot:person"
INSTITUTION = "urn:splot:institution"
ACCOUNT = "urn:splot:account"
SERVICE = "urn:splot:support-service"
CASE = "urn:splot:case"
ICF = "http://hl7.org/fhir/sid/icf"
_ATTAINMENT = "urn:splot:goal-attainment"

PLAN_STATUS: Mapping[str, str] = {
    "draft": "draft",
    # FHIR has no status for a proposal: until a plan is active it is a draft there.
    "proposed": "draft",
    "approved": "draft",
    "active": "active",
    # The nearest status in FHIR for a version replaced by a newer one.
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
    # FHIR has no statuses for who ended it, or why.
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
        *[_recommendation(each, places) for each in facts.recommendations],
        *[_step(each) for each in facts.steps],
    ]
    return _without_nothing(
        {
            "resourceType": "CarePlan",
            "id": str(plan["id"]),
            "meta": _meta(plan["version"], plan["changed_at"]),
            # Goals have no path of their own, so they are contained in the plan.
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
            # Required by FHIR; goals have no states here.
            "lifecycleStatus": "active",
            "category": [{"text": goal["subject"]}],
            "description": _without_nothing({"coding": coding, "text": goal["text"]}),
            "subject": subject,
            "target": targets,
        }
    )


def _recommendation(
    recommendation: Mapping[str, Any], places: Mapping[str, str]
) -> dict[str, Any]:
    goal = places.get(str(recommendation["goal_id"]))
    performer = (
        [_identified(INSTITUTION, recommendation["institution_id"])]
        if recommendation["institution_id"]
        else []
    )
    return {
        "detail": _without_nothing(
            {
                "kind": "ServiceRequest",
                "status": ACTIVITY_STATUS[recommendation["state"]],
                "statusReason": {"text": recommendation["reason"]}
                if recommendation["reason"]
                else None,
                "goal": [{"reference": goal}] if goal else [],
                "scheduledPeriod": {"end": str(recommendation["due_on"])},
                "performer": performer,
                "description": recommendation["text"],
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
                # R4 has no single day here, so the period begins
                # and ends on the same day.
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
    """The resource without null and empty values, which FHIR does not allow."""
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
    """The capability statement: the facade's resources and their search parameters."""
    kinds = {"_id": "token", "_lastUpdated": "date", "subject": "reference"}
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        # The day of the last change of this statement, a constant.
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
