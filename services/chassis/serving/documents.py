"""The API document: what the chassis itself answers is said of every operation."""

from collections.abc import Container
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from services.chassis.ground.outcomes import FHIR, is_of_facade
from services.chassis.ground.problems import (
    ContentTooLarge,
    Duplicate,
    Forbidden,
    IdempotencyKeyReused,
    Internal,
    MalformedJson,
    MalformedRequest,
    MissingIdempotencyKey,
    NotFound,
    Overloaded,
    RequestInProgress,
    RequestTimeout,
    Unauthenticated,
    UnsupportedMediaType,
    UpstreamTimeout,
    ValidationFailed,
)
from services.chassis.ground.responses import problems
from services.chassis.serving.refusal_schemas import OUTCOME_SCHEMA, PROBLEM_SCHEMA
from services.chassis.serving.routes import conditional_reads

SECURITY = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "Access token (RFC 9068) of the platform's identity provider,"
        " valid for at most 15 minutes.",
    }
}


def install_document(app: FastAPI) -> None:
    """Let `/openapi.json` carry problems, the security scheme and corrected answers."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _corrected(
                get_openapi(
                    title=app.title,
                    version=app.version,
                    routes=app.routes,
                    description=app.description,
                ),
                conditional_reads(app),
            )
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _corrected(schema: dict[str, Any], conditional: Container[str]) -> dict[str, Any]:
    components = schema.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    # FastAPI's own refusal of a request never leaves: it repeats what was sent.
    for replaced in ("HTTPValidationError", "ValidationError"):
        schemas.pop(replaced, None)
    schemas["Problem"] = PROBLEM_SCHEMA
    components["securitySchemes"] = SECURITY
    schema["security"] = [{"bearer": []}]
    for address, path in schema["paths"].items():
        for method, operation in path.items():
            if operation["operationId"] in conditional:
                _document_condition(operation)
            # A search by POST changes nothing.
            searches = address.endswith("/_search")
            _document_refusals("get" if searches else method, operation)
            _correct_answers(operation["responses"])
            if is_of_facade(address):
                schemas["FhirOperationOutcome"] = OUTCOME_SCHEMA
                _tell_by_outcomes(operation["responses"])
    return schema


def _tell_by_outcomes(responses: dict[str, Any]) -> None:
    """Say that clients of FHIR are refused by an OperationOutcome."""
    outcome = {"schema": {"$ref": "#/components/schemas/FhirOperationOutcome"}}
    for answer in responses.values():
        if "application/problem+json" in answer.get("content", {}):
            answer["content"] = {FHIR: outcome}


REFUSALS = (
    MalformedRequest,
    Unauthenticated,
    Forbidden,
    NotFound,
    ValidationFailed,
    Internal,
    Overloaded,
    UpstreamTimeout,
)
BODY_REFUSALS = (MalformedJson, ContentTooLarge, UnsupportedMediaType)
FILE_REFUSALS = (RequestTimeout, ContentTooLarge, UnsupportedMediaType)
KEY_REFUSALS = (MissingIdempotencyKey, RequestInProgress, IdempotencyKeyReused)
KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "a repeated request with the same key has no further effect;"
    " service accounts and imports need one",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
}


def _document_refusals(method: str, operation: dict[str, Any]) -> None:
    """Say of every operation what the chassis itself may answer besides."""
    kinds = [*REFUSALS]
    if "requestBody" in operation:
        kinds += (
            BODY_REFUSALS
            if "application/json" in operation["requestBody"]["content"]
            else FILE_REFUSALS
        )
    # Any of them may meet a unique constraint.
    if method in {"patch", "put"}:
        kinds.append(Duplicate)
    if method == "post":
        kinds += KEY_REFUSALS
        parameters = operation.setdefault("parameters", [])
        # An import documents by itself that it needs one.
        if all(parameter["name"] != KEY_HEADER["name"] for parameter in parameters):
            parameters.append(KEY_HEADER)
    responses = operation["responses"]
    for kind in kinds:
        [(status, answer)] = problems(kind).items()
        known = responses.setdefault(str(status), answer)
        known.setdefault("content", {}).update(answer["content"])
        if f"/problems/{kind.slug()}`" not in known["description"]:
            known["description"] += f" {answer['description']}"
    # Sorted, so that the committed document changes with the contract alone.
    operation["responses"] = dict(sorted(responses.items()))


def _document_condition(operation: dict[str, Any]) -> None:
    """Say that a read answers 304; lists and files do not, having no version."""
    parameters = operation.get("parameters", [])
    schema = (
        operation["responses"]["200"]
        .get("content", {})
        .get("application/json", {})
        .get("schema", {})
    )
    if "/Page_" in schema.get("$ref", "") or any(
        parameter["name"] == "format" for parameter in parameters
    ):
        return
    operation["responses"]["304"] = {
        "description": "The ETag in `If-None-Match` is still that of"
        " the current version."
    }


def _correct_answers(responses: dict[str, Any]) -> None:
    """Take away the empty JSON schemas that FastAPI adds to other media types."""
    for status, answer in responses.items():
        content = answer.get("content", {})
        if len(content) > 1 and content.get("application/json") in ({}, {"schema": {}}):
            del content["application/json"]
        # A refusal is `application/problem+json`, and never plain JSON.
        if status >= "400" or status == "default":
            content.pop("application/json", None)
