"""What the facade offers, as a FHIR R4 CapabilityStatement made of its routes."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

CHANGED_ON = "2026-11-25"
_SECURITY = "http://terminology.hl7.org/CodeSystem/restful-security-service"
SEARCH_TYPES: Mapping[str, str] = {
    "instrument": "token",
    "url": "uri",
    "subject": "reference",
    "questionnaire": "reference",
    "derived-from": "reference",
    "screening_id": "token",
}
"""What a search parameter holds, in FHIR's words."""


class Offer(NamedTuple):
    """One route: its path under the facade, its method, its query parameters with their words, and what it does."""

    path: str
    method: str
    parameters: Mapping[str, str]
    documentation: str


def capability_statement(offers: Iterable[Offer], media_type: str) -> dict[str, Any]:
    """The statement of these routes. A parameter with a modifier is the same parameter; what is no resource is left."""
    resources: dict[str, dict[str, Any]] = {}
    for offer in offers:
        kind, _, one = offer.path.strip("/").partition("/")
        if not kind[:1].isupper():
            continue
        resource = resources.setdefault(kind, {"type": kind, "interaction": []})
        interaction = (
            "create" if offer.method == "POST" else "read" if one else "search-type"
        )
        resource["interaction"].append(
            {"code": interaction, "documentation": offer.documentation}
        )
        if found := [
            _parameter(name, words)
            for name, words in offer.parameters.items()
            if ":" not in name
        ]:
            resource["searchParam"] = found
    service = {"coding": [{"system": _SECURITY, "code": "OAuth"}]}
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": CHANGED_ON,
        "kind": "instance",
        "software": {"name": "Splot"},
        "implementation": {"description": "Splot: screening, as FHIR R4"},
        "fhirVersion": "4.0.1",
        "format": [media_type, "json"],
        "rest": [
            {
                "mode": "server",
                "security": {"service": [service]},
                "resource": list(resources.values()),
            }
        ],
    }


def _parameter(name: str, words: str) -> dict[str, str]:
    return {
        "name": name,
        "type": SEARCH_TYPES[name],
        **({"documentation": words} if words else {}),
    }
