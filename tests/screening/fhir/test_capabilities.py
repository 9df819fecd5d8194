"""What the facade says that it offers is what it offers."""

import re

import httpx
import pytest
from fhir.resources.R4B.capabilitystatement import CapabilityStatement

from services.screening.fhir.rules.capabilities import Offer, capability_statement
from services.screening.main import app
from tests.screening.fhir.sent import URL

CODES = {
    ("get", ""): "search-type",
    ("get", "{id}"): "read",
    ("post", ""): "create",
    ("post", "_search"): "search-type",
}
CODES |= {("get", "{id}/_history/{version_id}"): "vread"}
OF_RESULTS = {"_count", "_format", "cursor"}


def documented() -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Every resource with its interactions and its search parameters, by the API document."""
    interactions, parameters = set(), set()
    for path, operations in app.openapi()["paths"].items():
        kind, _, one = path.removeprefix(f"{URL}/").partition("/")
        for method, operation in operations.items() if path.startswith(f"{URL}/") and kind != "metadata" else ():
            interactions.add((kind, CODES[method, re.sub(r"^{\w+}", "{id}", one)]))
            names = [parameter["name"] for parameter in operation.get("parameters", ()) if parameter["in"] == "query"]
            parameters |= {(kind, name.partition(":")[0]) for name in names if name not in OF_RESULTS}
    return interactions, parameters


async def test_the_statement_names_every_route_and_search_parameter_and_no_other(screening: httpx.AsyncClient) -> None:
    answer = await screening.get(f"{URL}/metadata", headers={"authorization": ""})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/fhir+json")
    statement = answer.json()
    CapabilityStatement.model_validate(statement)
    (rest,) = statement["rest"]
    offered = {(one["type"], code["code"]) for one in rest["resource"] for code in one["interaction"]}
    searched = {(one["type"], name["name"]) for one in rest["resource"] for name in one.get("searchParam", ())}
    assert (offered, searched) == documented()
    assert ("QuestionnaireResponse", "create") in offered
    assert searched >= {("QuestionnaireResponse", "subject"), ("Observation", "derived-from"), ("Questionnaire", "url")}


def test_a_statement_is_made_of_the_routes_that_it_is_given() -> None:
    one = Offer("/Basic/{resource_id}", "GET", {}, "Reads.")
    some = Offer("/Basic", "GET", {"url": "Where.", "url:below": "Under."}, "Searches.")
    offers = [Offer("/metadata", "GET", {}, "This."), one, some, Offer("/Basic/_search", "POST", {}, "The same.")]
    made = capability_statement(offers, "application/fhir+json", "https://splot.example/fhir")
    assert made["implementation"]["url"] == "https://splot.example/fhir"
    assert made["rest"][0]["resource"] == [
        {
            "type": "Basic",
            "versioning": "versioned",
            "readHistory": False,
            "conditionalRead": "not-match",
            "interaction": [
                {"code": "read", "documentation": "Reads."},
                {"code": "search-type", "documentation": "Searches."},
            ],
            "searchParam": [{"name": "url", "type": "uri", "documentation": "Where."}],
        }
    ]
    with pytest.raises(KeyError):
        capability_statement([Offer("/Basic", "GET", {"of-no-kind": ""}, "")], "application/fhir+json", "urn:x")
