"""Answers of a facade in FHIR R4: media type, weak ETags, versioned places."""

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
from services.chassis.web.answers import Answer

Search = TypeVar("Search", bound=FhirSearch)
FORM = "application/x-www-form-urlencoded"
# As long as a query in an address may be.
LONGEST_FORM = 4096
_JSON = ("json", "*/*", "application/*")


async def fhir_terms(request: Request) -> FhirTerms:
    """A dependency: what the request says beside its query; NotAcceptable of other formats."""
    headers, settings = request.headers, request.app.state.settings
    accept = headers.get("accept", "")
    written = request.query_params.get("_format", "json")
    if "json" not in written or (accept and not any(each in accept for each in _JSON)):
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
    known = answers(
        model,
        NotAcceptable,
        *kinds,
        status=status,
        files={FHIR: {"schema": {"type": "object"}}},
    )
    if tagged:
        known[304] = {"description": "The ETag in `If-None-Match` is still current."}
    return known


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
    # It may be kept, and is asked about each time: rows and rights change.
    headers = {"etag": tag, "cache-control": "no-cache"}
    known = [each.strip().removeprefix("W/") for each in terms.if_none_match.split(",")]
    if known == ["*"] or tag.removeprefix("W/") in known:
        return Answer(status_code=304, headers=headers)
    return _fhir(Answer(stored.body, headers=headers))


def created_answer(stored: Stored, kind: str, terms: FhirTerms) -> Answer:
    """201: the resource, its ETag, and where this version of it is."""
    place = f"{terms.base}/{kind}/{stored.key}/_history/{stored.version}"
    headers = {"etag": f'W/"{stored.version}"', "location": place}
    return _fhir(Answer(stored.body, 201, headers | {"cache-control": "no-cache"}))


def untagged_answer(resource: Mapping[str, Any], cache: str = "no-cache") -> Answer:
    """A resource that has no version: a Bundle, or what the facade says of itself."""
    return _fhir(Answer(json_text(resource), headers={"cache-control": cache}))


def _fhir(answer: Answer) -> Answer:
    answer.headers["content-type"] = FHIR
    return answer


async def posted_search(request: Request, asked: Search) -> Search:
    """The search in a form, and in the address that it was sent to (`asked`).

    ValidationFailed names what is wrong, as for a search by GET.
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
    model = type(asked)
    pairs = [*request.query_params.multi_items(), *parse_qsl(text, True)]
    try:
        return model.model_validate(_facts(pairs, model))
    except ValidationError as error:
        wrong = error.errors(
            include_url=False, include_context=False, include_input=False
        )
    raise RequestValidationError(
        [{**one, "loc": ("query", *one["loc"])} for one in wrong]
    )


def _facts(pairs: list[tuple[str, str]], model: type[BaseModel]) -> dict[str, Any]:
    """The parameters by name; ValidationFailed for one that comes twice or is no text."""
    fields = {one.alias or name: one for name, one in model.model_fields.items()}
    facts: dict[str, Any] = {}
    for name, value in pairs:
        if name not in fields:
            shown = name if name.isidentifier() else ""
            raise ValidationFailed(FieldError("parameter", shown, "unknown"))
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
