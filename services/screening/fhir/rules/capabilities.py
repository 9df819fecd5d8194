"""The facade as a FHIR R4 CapabilityStatement, made from its routes."""

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
"""The FHIR type of each search parameter."""
OF_RESULTS = frozenset({"_count", "_format", "cursor"})
"""Parameters that control the answer and are no search conditions."""
_DOCUMENTATION = (
    "A page has _count resources, at most 200; 0 gives the total alone. The total is"
    " absent beyond 10,000. Pages follow by the link `next`. _format is JSON alone."
    " Unknown parameters are refused. A refusal is an OperationOutcome."
)
_INPUT_NOTES = {
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
    """The CapabilityStatement of these routes; `base` is the address of the facade.

    Routes that do not belong to a resource are left out.
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
    """The resources, each with its interactions and its search parameters.

    A parameter with a modifier (`subject:identifier`) is not listed separately.
    """
    resources: dict[str, dict[str, Any]] = {}
    for offer in offers:
        kind, _, resource_id = offer.path.strip("/").partition("/")
        # The names of resources begin with a capital letter. A search by POST
        # (`_search`) is the same interaction as by GET.
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
    documentation = (
        {"documentation": _INPUT_NOTES[kind]} if kind in _INPUT_NOTES else {}
    )
    return {
        "type": kind,
        **documentation,
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
