"""QuestionnaireResponses as an integrator's client sends them: a child of 23 months by the demonstration instrument."""

import uuid
from typing import Any

from services.screening.fhir.rules.extensions import EXTENSIONS
from tests.screening.screenings.made import TYPICAL

Made = dict[str, Any]
URL = "/v1/screening/fhir"
FHIR = {"content-type": "application/fhir+json; charset=UTF-8"}
MONTH: Made = {"birth-date": None, "birth-month": "2024-03", "age-months": 23}
"""Instead of the day of birth."""


def coded(leaf: str, code: str, system: str | None = None) -> Made:
    """An item with one code as its answer."""
    known = f"urn:splot:instrument:DEMO:{leaf.partition('.')[0]}"
    return {"linkId": leaf, "answer": [{"valueCoding": {"system": system or known, "code": code}}]}


def demo_items() -> list[Made]:
    """Typical answers to the younger form."""
    rows = [coded(leaf, code) for leaf, code in TYPICAL.items() if leaf.startswith("SENSES.")]
    items = [coded(leaf, code) for leaf, code in TYPICAL.items() if not leaf.startswith("SENSES.")]
    return [*items, {"linkId": "SENSES", "item": rows}]


def extensions(**changed: Any) -> list[Made]:
    """What FHIR has no place for; None takes one away."""
    facts: Made = {"county": "2469", "sex": "female", "informant": "parent", "birth-date": "2024-03-15"}
    facts |= {name.replace("_", "-"): value for name, value in changed.items()}
    known = {url.rpartition(":")[2]: (url, one.member) for url, one in EXTENSIONS.items()}
    return [{"url": known[name][0], known[name][1]: value} for name, value in facts.items() if value is not None]


def response(changes: Made | None = None, /, **facts: Any) -> Made:
    """A completed response; `changes` to its members (None takes one away), `facts` in its extensions."""
    made: Made = {
        "resourceType": "QuestionnaireResponse",
        "extension": extensions(**facts),
        "questionnaire": "urn:splot:instrument:DEMO:YOUNGER|1",
        "status": "completed",
        "subject": {"identifier": {"system": "urn:splot:subject", "value": str(uuid.uuid4())}},
        "authored": "2026-03-14",
        "item": demo_items(),
        **(changes or {}),
    }
    return {name: value for name, value in made.items() if value is not None}


def told_of(resource: Made) -> Made:
    """The extensions of a resource by the last word of their address."""
    return {
        one["url"].rpartition(":")[2]: value
        for one in resource["extension"]
        for name, value in one.items()
        if name != "url"
    }
