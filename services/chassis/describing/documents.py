"""The API document of a service: what the code declares, told once and in words."""

from collections.abc import Container
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from services.chassis.describing.headers import HEADERS
from services.chassis.describing.names import plain_names
from services.chassis.describing.refusal_schemas import OUTCOME_SCHEMA, PROBLEM_SCHEMA
from services.chassis.describing.refusals import (
    add_refusals,
    refused_by,
    share_refusals,
)
from services.chassis.ground.outcomes import is_of_facade
from services.chassis.serving.routes import conditional_reads

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


def install_document(app: FastAPI) -> None:
    """Let `/openapi.json` carry problems, the security scheme and corrected answers."""

    def document() -> Json:
        if app.openapi_schema is None:
            made = get_openapi(
                title=app.title,
                version=app.version,
                routes=app.routes,
                description=app.description,
            )
            app.openapi_schema = _corrected(plain_names(made), conditional_reads(app))
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _corrected(document: Json, conditional: Container[str]) -> Json:
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    # FastAPI's own refusal of a request never leaves: it repeats what was sent.
    for replaced in ("HTTPValidationError", "ValidationError"):
        schemas.pop(replaced, None)
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
            if operation["operationId"] in conditional:
                _document_condition(operation)
            # A search by POST changes nothing.
            changing = "get" if address.endswith("/_search") else method
            if changing == "post":
                _document_key(operation)
            told = add_refusals(operation["responses"], refused_by(changing, operation))
            _correct_answers(told)
            share_refusals(told, shared, of_facade=of_facade)
            operation["responses"] = told
    return document


def _document_key(operation: Json) -> None:
    """Say that a request may be sent again with the key that it had."""
    parameters = operation.setdefault("parameters", [])
    # An import documents by itself that it needs one.
    if all(parameter["name"] != KEY_HEADER["name"] for parameter in parameters):
        parameters.append(KEY_HEADER)


def _document_condition(operation: Json) -> None:
    """Say that a read answers 304; lists and files do not, having no version."""
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
    """Take away the empty JSON schemas that FastAPI adds to other media types."""
    for answer in responses.values():
        content = answer.get("content", {})
        if len(content) > 1 and content.get("application/json") in ({}, {"schema": {}}):
            del content["application/json"]
