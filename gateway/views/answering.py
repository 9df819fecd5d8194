"""The way of a view: its address, its parts, its ETag, and its timings."""

import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, ValidationError

from gateway.headers import CHECK_AGAIN, NOT_STORED, NOTHING_TO_LOAD, Headers
from gateway.requests import Request
from gateway.routes import READ_ONLY
from gateway.shared_reads import has_etag
from gateway.views.asking import Asking, Refused, Surroundings
from gateway.views.shapes import ViewBody
from services.chassis.ground.bodies import field_errors
from services.chassis.ground.problems import (
    FieldError,
    MethodNotAllowed,
    NotFound,
    Problem,
    ValidationFailed,
)
from services.chassis.ground.refusals import preferred_language
from services.chassis.trust.tokens import Claims

PREFIX = b"/v1/views/"
# Headers of a refusal that are passed on; the others belong to the service's answer.
_OF_REFUSAL = frozenset(
    {b"cache-control", b"content-language", b"retry-after", b"www-authenticate"}
)


class Query(BaseModel):
    """The parameters of a view; most have none."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Key(NamedTuple):
    """The last part of a view's address, which identifies its subject."""

    name: str
    pattern: str
    description: str
    example: str


class Reply(NamedTuple):
    """The answer of a view that is not JSON."""

    media_type: str
    body: bytes
    language: str | None = None
    """The language of words in it."""


class View(NamedTuple):
    """One address."""

    noun: str
    """The first part of its address after the prefix."""
    key: Key | None
    read: Callable[[Asking, str, Any], Awaitable[ViewBody | Reply]]
    body: type[ViewBody]
    shown_by: Mapping[str, str] = {}
    """By part: the permission, at its own service, that shows it."""
    query: type[Query] = Query
    media_types: tuple[str, ...] = ()
    """The media types that it answers beside JSON."""
    is_personal: bool = False
    """Whether it is about a person: not even the caller's program shall store it."""
    refuses: tuple[type[Problem], ...] = ()
    """Problems that the view raises itself, before it asks any service."""


class Views(NamedTuple):
    """Answers the addresses under the prefix."""

    views: tuple[View, ...]
    around: Surroundings

    async def answer(self, request: Request, claims: Claims) -> None:
        """Ask for all parts at once, and answer with the result."""
        if request.method not in READ_ONLY:
            raise MethodNotAllowed
        view, key = self._find(request.path)
        query = _query_of(request, view.query)
        accept_language = request.headers.get(b"accept-language", b"")
        language = preferred_language(accept_language.decode("latin-1"))
        asking = Asking(request, claims, language, self.around)
        try:
            reply = await view.read(asking, key, query)
        except Refused as refused:
            await _relay(request, refused)
            return
        finally:
            asking.end()
        await _answer(request, view, asking, reply)

    def _find(self, path: bytes) -> tuple[View, str]:
        noun, _, key = path.removeprefix(PREFIX).decode("latin-1").partition("/")
        for view in self.views:
            if view.noun == noun and _is_key(view.key, key):
                return view, key
        raise NotFound


def _is_key(key: Key | None, text: str) -> bool:
    if key is None:
        return not text
    return re.fullmatch(key.pattern, text, re.ASCII) is not None


def _query_of(request: Request, model: type[Query]) -> Query:
    """The parameters in the view's model; ValidationFailed for any other."""
    pairs = parse_qsl(request.query.decode("latin-1"), keep_blank_values=True)
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        repeated_names = sorted({name for name in names if names.count(name) > 1})
        raise ValidationFailed(
            *[
                FieldError("parameter", _harmless(name), "repeated")
                for name in repeated_names
            ]
        )
    try:
        return model.model_validate(values)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False)
    for detail in details:
        detail["loc"] = ("query", _harmless(str(detail["loc"][0])))
    raise ValidationFailed(*field_errors(details))


def _harmless(name: str) -> str:
    # Input is repeated only if it can be nothing but a name.
    return name if name.isidentifier() else ""


async def _relay(request: Request, refused: Refused) -> None:
    """Answer with the problem of the subject, as if it were this address's own."""
    problem = refused.problem | {"instance": request.path.decode()}
    body = json.dumps(problem, ensure_ascii=False, separators=(",", ":")).encode()
    headers = [header for header in refused.headers if header[0] in _OF_REFUSAL]
    headers.append((b"content-type", b"application/problem+json"))
    await _send(request, refused.status, headers, body)


async def _answer(
    request: Request, view: View, asking: Asking, reply: ViewBody | Reply
) -> None:
    if isinstance(reply, ViewBody):
        # Sorted: the same missing parts give the same answer.
        reply.partial = sorted(
            asking.missing, key=lambda missing: (missing.service, missing.part)
        )
        reply = Reply("application/json", reply.as_json())
    etag = b'"' + hashlib.sha256(reply.body).hexdigest()[:32].encode() + b'"'
    headers: Headers = [
        (b"etag", etag),
        NOT_STORED if view.is_personal else CHECK_AGAIN,
        (b"vary", b"Accept, Accept-Language"),
        (b"server-timing", _timing(asking)),
        NOTHING_TO_LOAD,
    ]
    if has_etag(request.headers.get(b"if-none-match"), etag):
        await request.answer(304, headers, b"")
        return
    headers.append((b"content-type", reply.media_type.encode()))
    if reply.language is not None:
        headers.append((b"content-language", reply.language.encode()))
    await _send(request, 200, headers, reply.body)


def _timing(asking: Asking) -> bytes:
    """The duration of each leg, in the order of their ends."""
    return ", ".join(
        f'{part};dur={milliseconds:.1f};desc="{service}"'
        for part, service, milliseconds in asking.timings
    ).encode()


async def _send(request: Request, status: int, headers: Headers, body: bytes) -> None:
    headers = [*headers, (b"content-length", b"%d" % len(body))]
    await request.answer(status, headers, b"" if request.method == "HEAD" else body)
