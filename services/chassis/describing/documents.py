"""The API document of a service: what the code declares, once and in words."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel

from services.chassis.describing.examples import read_examples, show_examples
from services.chassis.describing.headers import HEADERS
from services.chassis.describing.headers_sent import headers_sent
from services.chassis.describing.names import plain_names
from services.chassis.describing.refusal_schemas import OUTCOME_SCHEMA, PROBLEM_SCHEMA
from services.chassis.describing.refusals import (
    add_refusals,
    refused_by,
    share_refusals,
)
from services.chassis.describing.successes import (
    add_headers,
    name_successes,
    summary_of,
)
from services.chassis.describing.words import (
    OWN,
    describe,
    read_words,
    tags_of,
    words_of,
)
from services.chassis.ground.outcomes import is_of_facade
from services.chassis.serving.routes import is_conditional

Json = dict[str, Any]

SECURITY = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "Access token (RFC 9068) of the platform's identity provider,"
        " valid for at most 15 minutes.",
    }
}
KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "a repeated request with the same key has no further effect;"
    " service accounts and imports need one",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
}


def install_document(
    app: FastAPI, name: str, folder: Path, results: Sequence[type[BaseModel]]
) -> None:
    """Let `/openapi.json` describe problems, tokens and corrected answers in words.

    `folder` is the service's own: its words and its examples are there.
    `results`: the models of its jobs' results.
    """

    def document() -> Json:
        if app.openapi_schema is None:
            generated = get_openapi(
                title=app.title,
                version=app.version,
                routes=app.routes,
                description=app.description,
            )
            _document_results(generated["components"]["schemas"], results)
            document = _corrected_document(plain_names(generated), endpoints_of(app))
            own = words_of(folder / "words.txt")
            show_examples(document, read_examples(folder / "examples.json"), name)
            describe(document, read_words(OWN, *own))
            # The tags of every service come last.
            document["tags"] = tags_of(document, read_words(*own, OWN))
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _document_results(schemas: Json, results: Sequence[type[BaseModel]]) -> None:
    """Document that a job's result is one of these."""
    references: list[Json] = []
    for result in dict.fromkeys(results):
        schema = result.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= schema.pop("$defs", {}) | {result.__name__: schema}
        references.append({"$ref": f"#/components/schemas/{result.__name__}"})
    if references and "JobRead" in schemas:
        schemas["JobRead"]["properties"]["result"] = {
            "anyOf": [*references, {"type": "null"}]
        }


def endpoints_of(app: FastAPI) -> dict[str, APIRoute]:
    """The endpoints of an application by their names, which are operations' ids."""
    routes = [route.original_route for route in iter_route_contexts(app.routes)]
    return {route.name: route for route in routes if isinstance(route, APIRoute)}


def _corrected_document(document: Json, endpoints: Mapping[str, APIRoute]) -> Json:
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    # FastAPI's own refusal of a request is never sent: it repeats the input.
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = PROBLEM_SCHEMA
    components["securitySchemes"] = SECURITY
    components["headers"] = HEADERS
    shared: Json = {}
    components["responses"] = shared
    document["security"] = [{"bearer": []}]
    for address, path in document["paths"].items():
        of_facade = is_of_facade(address)
        if of_facade:
            schemas["FhirOperationOutcome"] = OUTCOME_SCHEMA
        for method, operation in path.items():
            endpoint = endpoints[operation["operationId"]]
            header_names = headers_sent(endpoint.endpoint)
            if method == "get" and "ETag" in header_names and is_conditional(endpoint):
                _document_condition(operation)
            operation["summary"] = summary_of(operation["description"])
            # A search by POST changes nothing.
            changing = "get" if address.endswith("/_search") else method
            if changing == "post":
                _document_key(operation)
            responses = add_refusals(
                operation["responses"], refused_by(changing, operation)
            )
            _correct_answers(responses)
            share_refusals(responses, shared, of_facade=of_facade)
            operation["responses"] = responses
            name_successes(operation, schemas)
            add_headers(operation, header_names, takes_key=changing == "post")
    return document


def _document_key(operation: Json) -> None:
    """Document that a request may be sent again with its key."""
    parameters = operation.setdefault("parameters", [])
    # An import documents by itself that it needs a key.
    if all(parameter["name"] != KEY_HEADER["name"] for parameter in parameters):
        parameters.append(KEY_HEADER)


def _document_condition(operation: Json) -> None:
    """Document that a read answers 304; lists and files do not, having no version."""
    parameters = operation.get("parameters", [])
    schema = (
        operation["responses"]["200"]
        .get("content", {})
        .get("application/json", {})
        .get("schema", {})
    )
    if "/PageOf" in schema.get("$ref", "") or any(
        parameter["name"] == "format" for parameter in parameters
    ):
        return
    operation["responses"]["304"] = {
        "description": "The ETag in `If-None-Match` is still that of"
        " the current version."
    }


def _correct_answers(responses: Json) -> None:
    """Remove the empty JSON schemas that FastAPI adds to other media types."""
    for answer in responses.values():
        content = answer.get("content", {})
        if len(content) > 1 and content.get("application/json") in ({}, {"schema": {}}):
            del content["application/json"]
