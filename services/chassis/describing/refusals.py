"""Refusals in the document: an operation lists its own, their form is shared."""

import re
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any

from services.chassis.describing.headers import RETRIED, header
from services.chassis.ground.outcomes import FHIR
from services.chassis.ground.problems import (
    ContentTooLarge,
    Duplicate,
    Forbidden,
    HeadersTooLarge,
    IdempotencyKeyReused,
    Internal,
    MalformedJson,
    MalformedRequest,
    MisdirectedRequest,
    MissingIdempotencyKey,
    NotFound,
    Overloaded,
    Problem,
    RateLimited,
    RequestInProgress,
    RequestTimeout,
    TargetTooLong,
    Unauthenticated,
    UnsupportedMediaType,
    UpstreamInvalidResponse,
    UpstreamTimeout,
    UpstreamUnavailable,
    ValidationFailed,
)

Json = dict[str, Any]

REFUSALS = (
    MalformedRequest,
    Unauthenticated,
    Forbidden,
    NotFound,
    TargetTooLong,
    MisdirectedRequest,
    ValidationFailed,
    RateLimited,
    HeadersTooLarge,
    Internal,
    UpstreamInvalidResponse,
    UpstreamUnavailable,
    Overloaded,
    UpstreamTimeout,
)
"""Refusals that any operation may answer with, also those of the gateway."""
BODY_REFUSALS = (RequestTimeout, ContentTooLarge, UnsupportedMediaType)
KEY_REFUSALS = (MissingIdempotencyKey, RequestInProgress, IdempotencyKeyReused)
_COMMON = [
    kind.slug()
    for kind in (*REFUSALS, *BODY_REFUSALS, MalformedJson, Duplicate, *KEY_REFUSALS)
]
_SLUG = re.compile(r"`/problems/([a-z0-9-]+)`")


def refused_by(method: str, operation: Json) -> list[type[Problem]]:
    """The refusals that an operation may answer with besides those it declares."""
    kinds: list[type[Problem]] = [*REFUSALS]
    if "requestBody" in operation:
        kinds += BODY_REFUSALS
        if "application/json" in operation["requestBody"]["content"]:
            kinds.append(MalformedJson)
    # Any of them may meet a unique constraint.
    if method in {"patch", "put"}:
        kinds.append(Duplicate)
    return [*kinds, *KEY_REFUSALS] if method == "post" else kinds


def add_refusals(responses: Json, kinds: Iterable[type[Problem]]) -> Json:
    """The answers with these refusals, each listed once, in the order of statuses."""
    for kind in kinds:
        answer = responses.setdefault(str(kind.status), {"description": ""})
        if f"`/problems/{kind.slug()}`" not in answer["description"]:
            answer["description"] = (
                f"{answer['description']} {sentence_of(kind)}".strip()
            )
    # Sorted, so that the committed document changes with the contract alone.
    return dict(sorted(responses.items()))


def sentence_of(kind: type[Problem]) -> str:
    """A kind of refusal as a sentence, with its page."""
    return f"`/problems/{kind.slug()}` {kind.title('en')}."


def share_refusals(responses: Json, shared: Json, *, of_facade: bool = False) -> None:
    """Replace the form of refusals by references; `shared` collects what they refer to.

    Refusals that every operation may have are shared with their sentences. An operation
    that has refusals of its own lists these, and shares their form.
    """
    for status, answer in responses.items():
        if status < "400" or "$ref" in answer:
            continue
        content = answer.get("content", {})
        content.pop("application/json", None)
        # A page for people is documented beside the problem that programs get.
        if content.keys() - {"application/problem+json"}:
            continue
        slugs = _SLUG.findall(answer["description"])
        common = [slug for slug in _COMMON if slug in slugs]
        name = _name(common, status, of_facade=of_facade)
        shared.setdefault(
            name, refusal(int(status), _sentences(answer, common), of_facade=of_facade)
        )
        responses[status] = {"$ref": f"#/components/responses/{name}"}
        if len(common) < len(slugs):
            responses[status]["description"] = answer["description"]


def _name(slugs: Sequence[str], status: str, *, of_facade: bool) -> str:
    """A name made of the slugs, so that it means the same in every service."""
    words = "Or".join("".join(map(str.title, slug.split("-"))) for slug in slugs)
    return f"{'Fhir' if of_facade else ''}{words or f'Refused{status}'}"


def _sentences(answer: Json, slugs: Sequence[str]) -> str:
    parts = re.split(r" (?=`/problems/)", answer["description"])
    sentences = {slug[1]: part for part in parts if (slug := _SLUG.match(part))}
    return " ".join(sentences[slug] for slug in slugs)


def refusal(status: int, words: str = "", *, of_facade: bool = False) -> Json:
    """The form of a refusal with this status."""
    schema, media_type = "Problem", "application/problem+json"
    if of_facade:
        schema, media_type = "FhirOperationOutcome", FHIR
    phrase = HTTPStatus(status).phrase.lower()
    answer: Json = {
        "description": words or f"Refused: {phrase}. The problem's `code` says why.",
        "content": {media_type: {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
    }
    names = [
        *(["Retry-After"] if status in RETRIED else []),
        *(["WWW-Authenticate"] if status == Unauthenticated.status else []),
    ]
    if names:
        answer["headers"] = {name: header(name) for name in names}
    return answer
