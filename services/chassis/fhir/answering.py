"""Answers of a facade in FHIR R4: media type, weak ETags, addresses of versions."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar
from urllib.parse import parse_qsl

from fastapi import Depends
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from services.chassis.data.work import Stored
from services.chassis.fhir.asking import FhirSearch, FhirTerms
from services.chassis.fhir.bundles import json_text
from services.chassis.ground.outcomes import FHIR
from services.chassis.ground.problems import (
    ContentTooLarge,
    FieldError,
    NotAcceptable,
    Problem,
    UnsupportedMediaType,
    ValidationFailed,
)
from services.chassis.ground.responses import answers
from services.chassis.media_types import preferred_type
from services.chassis.web.answers import Answer

Search = TypeVar("Search", bound=FhirSearch)
FORM = "application/x-www-form-urlencoded"
# As long as a query in an address may be.
LONGEST_FORM = 4096
_JSON = (FHIR, "application/json", "text/json")


async def fhir_terms(request: Request) -> FhirTerms:
    """A dependency: the request's terms; NotAcceptable for another format."""
    headers, settings = request.headers, request.app.state.settings
    format_ = request.query_params.get("_format", "json")
    is_accepted = preferred_type(headers.get("accept", ""), _JSON) is not None
    if "json" not in format_ or not is_accepted:
        raise NotAcceptable()
    path: str = request.scope["path"]
    facade = path[: path.index("/fhir") + len("/fhir")]
    return FhirTerms(
        settings.public_url.rstrip("/") + facade,
        path,
        headers.get("if-none-match", ""),
        settings.cursor_key.get_secret_value().encode(),
    )


Terms = Annotated[FhirTerms, Depends(fhir_terms)]


def fhir_answers(
    model: type[Any], *kinds: type[Problem], status: int = 200, tagged: bool = False
) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of an endpoint: a resource, and the problems it may meet."""
    responses = answers(
        model,
        NotAcceptable,
        *kinds,
        status=status,
        files={FHIR: {"schema": {"type": "object"}}},
    )
    if tagged:
        responses[304] = {
            "description": "The ETag in `If-None-Match` is still current."
        }
    return responses


FORM_BODY: dict[str, Any] = {
    "requestBody": {
        "description": "The parameters of the search, as a form; those of the address"
        " count as well.",
        "content": {
            FORM: {
                "schema": {
                    "type": "object",
                    "additionalProperties": {"type": ["string", "integer"]},
                },
                "example": {"_lastUpdated": "ge2026-01-01", "_count": 20},
            }
        },
    }
}


def resource_answer(stored: Stored, terms: FhirTerms) -> Answer:
    """A resource with its weak ETag; 304 where the caller has this version."""
    tag = f'W/"{stored.version}"'
    # Caches may keep it, and revalidate each time: rows and rights change.
    headers = {"etag": tag, "cache-control": "no-cache"}
    tags = [each.strip().removeprefix("W/") for each in terms.if_none_match.split(",")]
    if tags == ["*"] or tag.removeprefix("W/") in tags:
        return Answer(status_code=304, headers=headers)
    return _fhir(Answer(stored.body, headers=headers))


def created_answer(stored: Stored, kind: str, terms: FhirTerms) -> Answer:
    """201: the resource, its ETag, and where this version of it is."""
    place = f"{terms.base}/{kind}/{stored.key}/_history/{stored.version}"
    headers = {"etag": f'W/"{stored.version}"', "location": place}
    return _fhir(Answer(stored.body, 201, headers | {"cache-control": "no-cache"}))


def untagged_answer(resource: Mapping[str, Any], cache: str = "no-cache") -> Answer:
    """A resource without a version: a Bundle, or the facade's own description."""
    return _fhir(Answer(json_text(resource), headers={"cache-control": cache}))


def _fhir(answer: Answer) -> Answer:
    answer.headers["content-type"] = FHIR
    return answer


async def posted_search(request: Request, search: Search) -> Search:
    """The search in a form together with that in its address (`search`).

    ValidationFailed names the faults, as for a search by GET.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != FORM:
        raise UnsupportedMediaType()
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_FORM:
            raise ContentTooLarge(limit_bytes=LONGEST_FORM)
    text = body.decode("utf-8", errors="replace")
    model = type(search)
    pairs = [*request.query_params.multi_items(), *parse_qsl(text, True)]
    try:
        return model.model_validate(_facts(pairs, model))
    except ValidationError as error:
        errors = error.errors(
            include_url=False, include_context=False, include_input=False
        )
    raise RequestValidationError(
        [{**detail, "loc": ("query", *detail["loc"])} for detail in errors]
    )


def _facts(pairs: list[tuple[str, str]], model: type[BaseModel]) -> dict[str, Any]:
    """The parameters by name; ValidationFailed for a repeated or unreadable one."""
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    facts: dict[str, Any] = {}
    for name, value in pairs:
        if name not in fields:
            harmless_name = name if name.isidentifier() else ""
            raise ValidationFailed(FieldError("parameter", harmless_name, "unknown"))
        if "\0" in value or "\ufffd" in value:
            raise ValidationFailed(
                FieldError("parameter", name, "not_allowed_character")
            )
        if "list[" in str(fields[name].annotation):
            facts.setdefault(name, []).append(value)
        elif name in facts:
            raise ValidationFailed(FieldError("parameter", name, "repeated"))
        else:
            facts[name] = value
    return facts
