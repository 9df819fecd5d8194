"""What the facade offers, as a FHIR R4 CapabilityStatement made of its routes."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

# FHIR demands the day on which the statement last changed.
CHANGED_ON = "2026-11-29"
_SECURITY = "http://terminology.hl7.org/CodeSystem/restful-security-service"
SEARCH_TYPES: Mapping[str, str] = {
    "_id": "token",
    "_lastUpdated": "date",
    "instrument": "token",
    "url": "uri",
    "subject": "reference",
    "questionnaire": "reference",
    "derived-from": "reference",
    "screening_id": "token",
}
"""What a search parameter holds, in FHIR's words."""
OF_RESULTS = frozenset({"_count", "_format", "cursor"})
"""Parameters that say how to answer, and not what to find."""
_DOCUMENTATION = (
    "A page has _count resources, at most 200; 0 gives the total alone. The total is"
    " absent beyond 10,000. Pages follow by the link `next`. _format is JSON alone."
    " Unknown parameters are refused. A refusal is an OperationOutcome."
)
_TAKEN = {
    "QuestionnaireResponse": (
        "Taken and not kept: id, meta, language, text, author, source;"
        " subject.reference, type and display; identifier.use; item.text and"
        " definition; version, display and userSelected of a coding. Other members and"
        " extensions are refused. Of free text nothing is given out."
    )
}


class Offer(NamedTuple):
    """One route: its path under the facade, method, parameters with descriptions, and purpose."""

    path: str
    method: str
    parameters: Mapping[str, str]
    documentation: str


def capability_statement(
    offers: Iterable[Offer], media_type: str, base: str
) -> dict[str, Any]:
    """The statement of these routes of the facade at this address.

    Those that are no resource are left out.
    """
    service = {"coding": [{"system": _SECURITY, "code": "OAuth"}]}
    server = {
        "mode": "server",
        "documentation": _DOCUMENTATION,
        "security": {"service": [service]},
        "resource": _resources(offers),
    }
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": CHANGED_ON,
        "kind": "instance",
        "software": {"name": "Splot"},
        "implementation": {
            "description": "Splot: screening, as FHIR R4",
            "url": base,
        },
        "fhirVersion": "4.0.1",
        "format": [media_type, "json"],
        "rest": [server],
    }


def _resources(offers: Iterable[Offer]) -> list[dict[str, Any]]:
    """The resources, each with what may be done with it and what it is searched by.

    A parameter with a modifier (`subject:identifier`) is the same parameter.
    """
    resources: dict[str, dict[str, Any]] = {}
    for offer in offers:
        kind, _, resource_id = offer.path.strip("/").partition("/")
        # The names of resources begin with a capital letter. By POST it is the same
        # search.
        if not kind[:1].isupper() or resource_id == "_search":
            continue
        resource = resources.setdefault(kind, _resource(kind))
        interaction = {
            "code": _interaction(offer.method, resource_id),
            "documentation": offer.documentation,
        }
        resource["interaction"].append(interaction)
        parameters = [
            _parameter(name, description)
            for name, description in offer.parameters.items()
            if ":" not in name and name not in OF_RESULTS
        ]
        if parameters:
            resource["searchParam"] = parameters
    return list(resources.values())


def _resource(kind: str) -> dict[str, Any]:
    taken = {"documentation": _TAKEN[kind]} if kind in _TAKEN else {}
    return {
        "type": kind,
        **taken,
        "interaction": [],
        "versioning": "versioned",
        "readHistory": False,
        "conditionalRead": "not-match",
    }


def _interaction(method: str, resource_id: str) -> str:
    if method == "POST":
        return "create"
    if "/_history/" in resource_id:
        return "vread"
    return "read" if resource_id else "search-type"


def _parameter(name: str, description: str) -> dict[str, str]:
    parameter = {"name": name, "type": SEARCH_TYPES[name]}
    return parameter | ({"documentation": description} if description else {})
