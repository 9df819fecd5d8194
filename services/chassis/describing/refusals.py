"""Refusals, told once: an operation says which it has, and what they look like is shared."""

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
"""What any operation may be refused by, on the way through the gateway included."""
BODY_REFUSALS = (RequestTimeout, ContentTooLarge, UnsupportedMediaType)
KEY_REFUSALS = (MissingIdempotencyKey, RequestInProgress, IdempotencyKeyReused)
_COMMON = [
    kind.slug()
    for kind in (*REFUSALS, *BODY_REFUSALS, MalformedJson, Duplicate, *KEY_REFUSALS)
]
_SLUG = re.compile(r"`/problems/([a-z0-9-]+)`")


def refused_by(method: str, operation: Json) -> list[type[Problem]]:
    """What an operation may be refused by before it is asked, or after."""
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
    """The answers with these refusals, each told once, in the order of statuses."""
    for kind in kinds:
        answer = responses.setdefault(str(kind.status), {"description": ""})
        if f"`/problems/{kind.slug()}`" not in answer["description"]:
            answer["description"] = f"{answer['description']} {told(kind)}".strip()
    # Sorted, so that the committed document changes with the contract alone.
    return dict(sorted(responses.items()))


def told(kind: type[Problem]) -> str:
    """A kind of refusal in words, with its page."""
    return f"`/problems/{kind.slug()}` {kind.title('en')}."


def share_refusals(responses: Json, shared: Json, *, of_facade: bool = False) -> None:
    """Refer to what refusals look like in place of repeating it; `shared` holds that.

    What every operation may answer is shared with its words. An operation that has
    refusals of its own says which, and shares how they look.
    """
    for status, answer in responses.items():
        if status < "400" or "$ref" in answer:
            continue
        content = answer.get("content", {})
        content.pop("application/json", None)
        # A page for people is told beside the problem that programs get.
        if content.keys() - {"application/problem+json"}:
            continue
        slugs = _SLUG.findall(answer["description"])
        common = [slug for slug in _COMMON if slug in slugs]
        name = _name(common, status, of_facade=of_facade)
        shared.setdefault(
            name, refusal(int(status), _words(answer, common), of_facade=of_facade)
        )
        responses[status] = {"$ref": f"#/components/responses/{name}"}
        if len(common) < len(slugs):
            responses[status]["description"] = answer["description"]


def _name(slugs: Sequence[str], status: str, *, of_facade: bool) -> str:
    """The name says what is told, so that every service means the same by it."""
    words = "Or".join("".join(map(str.title, slug.split("-"))) for slug in slugs)
    return f"{'Fhir' if of_facade else ''}{words or f'Refused{status}'}"


def _words(answer: Json, slugs: Sequence[str]) -> str:
    parts = re.split(r" (?=`/problems/)", answer["description"])
    found = {slug[1]: part for part in parts if (slug := _SLUG.match(part))}
    return " ".join(found[slug] for slug in slugs)


def refusal(status: int, words: str = "", *, of_facade: bool = False) -> Json:
    """What a refusal with this status looks like."""
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
