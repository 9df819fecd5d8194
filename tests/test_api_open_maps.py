"""An object of the API document has a shape; where it has none, the reason stands here."""

from collections.abc import Iterator
from typing import Any

from tests.support.document import DOCUMENT

FHIR = "what else stands in a resource is said by HL7 FHIR R4, and typed by its clients"
VEGA = "a Vega-Lite document: its schema is that of Vega-Lite"
POINTS = "in GeoJSON the properties are those fields of the items that `fields` names"
ROWS = "rows of any table as they were on a day: no model of now describes them"
FACTS = "beside its members each kind of problem has facts of its own, on its page at /problems/<slug>"
UNREAD = "what FHIR obliges senders to add, and nothing here reads"
OPEN = {
    "schemas/DefinitionSchema": "it is a JSON Schema itself",
    "schemas/EventRead/properties/data": "by type of event, in docs/asyncapi.json",
    "schemas/FieldDifference/properties/after": "of any field of a plan: a text, a day, a number, a list of levels",
    "schemas/FieldDifference/properties/before": "as `after`",
    "schemas/FhirBundle": FHIR,
    "schemas/FhirCapabilities": FHIR,
    "schemas/FhirResource": FHIR,
    "schemas/FhirQuestionnaireResponse/properties/author/anyOf/0": UNREAD,
    "schemas/FhirQuestionnaireResponse/properties/meta/anyOf/0": UNREAD,
    "schemas/FhirQuestionnaireResponse/properties/source/anyOf/0": UNREAD,
    "schemas/FhirQuestionnaireResponse/properties/text/anyOf/0": UNREAD,
    "schemas/JobProblem": FACTS,
    "schemas/JsonValue": ROWS,
    "schemas/KeptRecord/properties/rows/additionalProperties/items": ROWS,
    "schemas/Problem": FACTS,
    "schemas/ProfileRead": VEGA,
    "schemas/ProfileRead/properties/data": VEGA,
    "paths//v1/screening/screenings/{screening_id}/profile/get/responses/200": VEGA,
    "paths//v1/screening/studies/{study_id}/plots/{plot}/get/responses/200": VEGA,
    "paths//v1/training/indicators/{indicator_id}/picture/get/responses/200": VEGA,
    "paths//v1/registry/institutions/get/responses/200": POINTS,
    "paths//v1/registry/support-services/get/responses/200": POINTS,
    "facades": FHIR,
}
"""By where they stand: `facades` are the answers in `application/fhir+json`."""
VALUES = {"const", "default", "enum", "example", "examples", "headers", "parameters"}


def open_places(node: Any, at: str) -> Iterator[str]:
    """Where the schemas below have an object without a shape, or a value of any kind."""
    if isinstance(node, list):
        for place, each in enumerate(node):
            yield from open_places(each, f"{at}/{place}")
    elif isinstance(node, dict):
        if is_open(node, at):
            yield at
        for name, each in node.items():
            # A property may bear any of these names itself.
            if name not in VALUES or at.endswith("/properties"):
                yield from open_places(each, f"{at}/{name}")


def is_open(node: dict[str, Any], at: str) -> bool:
    told = {"properties", "patternProperties", "allOf", "anyOf", "oneOf", "$ref"} & node.keys()
    if node.get("additionalProperties") in (True, {}):
        return True
    if node.get("type") == "object":
        return not told and "additionalProperties" not in node
    is_of_property = (
        at.rpartition("/")[0].endswith("/properties")
        or at.endswith("/schema")
        or (at.startswith("schemas/") and at.endswith("/items"))
    )
    is_of_any_kind = not told and not {"type", "const", "enum"} & node.keys()
    return is_of_any_kind and (is_of_property or at == "schemas/JsonValue")


def places() -> set[str]:
    found = {*open_places(DOCUMENT["components"]["schemas"], "schemas")}
    for at in open_places(DOCUMENT["paths"], "paths"):
        found.add("facades" if "/content/application/fhir+json/" in at else at.partition("/content/")[0])
    return found


def test_every_object_has_a_shape_or_a_reason_to_have_none() -> None:
    found = places()
    assert sorted(found - OPEN.keys()) == []
    assert sorted(OPEN.keys() - found) == [], "these have a shape by now"
