"""Requests to assessments."""

from typing import Any

from tests.casework.cases import asks as cases
from tests.casework.cases.asks import CASE
from tests.casework.consents.asks import BASIS
from tests.casework.people.made import CHILD
from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read

CONTENT: dict[str, Any] = {
    "findings": [{"subject": "child", "code": "d330", "qualifiers": {"performance": "3", "capacity": "2"}}],
    "strengths": [{"subject": "child", "text": "lubi śpiewać"}],
    "needs": [{"subject": "family", "text": "ćwiczenia w domu"}],
}
ASSESSMENT: Made = {"kind": "functional", "assessed_on": "2026-01-05", "sector": "education", **CONTENT}
_ON_DRAFTS = ("amend_assessment", "complete_assessment")


async def prepare(target: Target, make: Make) -> None:
    """A case with a basis, and an assessment of somebody else: completed, unless drafts are asked about."""
    adult = {**CHILD, "county_terc": target.county, "pesel": None, "born_on": "1990-04-05"}
    mother = await make("/people", adult)
    expected = {"county_terc": target.county, "kind": "expected", "expected_on": "2026-12-24"}
    target.made["person"] = await make("/people", {**expected, "mother_id": mother["id"]})
    target.made["institution"] = {"id": "01990000-0000-7000-8000-00000000a001"}
    of_person = {"person_id": target["person"]["id"]}
    case = await make("/cases", {**CASE, **of_person})
    await make("/consents", {**BASIS, **of_person})
    target.made["case"] = await make(f"/cases/{case['id']}/consent", {}, case)
    assessment = await make("/assessments", {**ASSESSMENT, "case_id": case["id"]})
    if not target.is_for(*_ON_DRAFTS):
        assessment = await make(f"/assessments/{assessment['id']}/complete", {}, assessment)
    target.made["assessment"] = assessment


def _ask(target: Target, method: str, suffix: str = "", json: Made | None = None, lacks: str = "") -> Ask:
    changes = method != "GET"
    return Ask(
        method,
        f"/assessments/{target['assessment']['id']}{suffix}",
        json,
        target["assessment"] if changes else None,
        out_of_reach="assessment-not-found",
        lacks=lacks,
        related=cases.related(target),
    )


ASKS: Asks = {
    "list_assessments": asks_to_read("/assessments"),
    "draft_assessment": lambda target: Ask(
        "POST",
        "/assessments",
        {**ASSESSMENT, "case_id": target["case"]["id"]},
        out_of_reach="case-not-found",
        related=cases.related(target),
    ),
    "get_assessment": lambda target: _ask(target, "GET"),
    "amend_assessment": lambda target: _ask(target, "PATCH", "", CONTENT, "not-own-assessment"),
    "complete_assessment": lambda target: _ask(target, "POST", "/complete", None, "not-own-assessment"),
    "annul_assessment": lambda target: _ask(target, "POST", "/annul", {"reason": "x"}, "not-own-assessment"),
}
