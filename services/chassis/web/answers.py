"""A value as an HTTP answer: status, ETag, Location, next address."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, NamedTuple

from fastapi import Depends
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from services.chassis.data.work import Stored
from services.chassis.web.listing import Count, ItemPage


class Answer(Response):
    """A finished JSON answer."""

    media_type = "application/json"


class LateAnswer(Answer):
    """An answer whose body is made only when it is sent."""

    def __init__(
        self,
        make_body: Callable[[], Awaitable[bytes]],
        media_type: str,
        headers: Mapping[str, str],
    ) -> None:
        super().__init__(media_type=media_type, headers=headers)
        self.make_body = make_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Make the body, then send it."""
        # By now the request has given its connection back for others to use.
        self.body = await self.make_body()
        self.headers["content-length"] = str(len(self.body))
        await super().__call__(scope, receive, send)


class AnswerTerms(NamedTuple):
    """A request's terms for its answer: address, known version, whether to count."""

    path: str
    query: str
    if_none_match: str
    prefer: str
    accept: str
    cursor_key: bytes

    @property
    def counting(self) -> Count | None:
        """How exactly to count all items, by `Prefer` (RFC 7240)."""
        if "count=exact" in self.prefer:
            return "exact"
        return "estimated" if "count=estimated" in self.prefer else None


def terms_of(request: Request) -> AnswerTerms:
    """The terms of this request."""
    headers = request.headers
    return AnswerTerms(
        request.scope["path"],
        request.scope["query_string"].decode("latin-1"),
        headers.get("if-none-match", ""),
        headers.get("prefer", ""),
        headers.get("accept", ""),
        request.app.state.settings.cursor_key.get_secret_value().encode(),
    )


async def request_terms(request: Request) -> AnswerTerms:
    """A dependency: the terms of the request."""
    return terms_of(request)


Terms = Annotated[AnswerTerms, Depends(request_terms)]


def etag(key: object, version: object) -> str:
    """The strong validator of one version."""
    return f'"{key}:{version}"'


def tagged(
    body: bytes | str, tag: str, terms: AnswerTerms | None = None, *, status: int = 200
) -> Answer:
    """A JSON answer with its ETag; 304 when the caller already has this version."""
    # Caches may keep it, and revalidate each time: rows and rights change.
    headers = {"etag": tag, "cache-control": "no-cache"}
    if terms is not None and terms.if_none_match:
        tags = [
            # Weak comparison, as for every If-None-Match (RFC 9110, 13.1.2).
            part.strip().removeprefix("W/")
            for part in terms.if_none_match.split(",")
        ]
        if tag in tags or tags == ["*"]:
            return Answer(status_code=304, headers=headers)
    return Answer(body, status, headers)


def created(body: bytes | str, tag: str, location: str) -> Answer:
    """The answer to a creation: 201 with the resource, its ETag and its address."""
    answer = tagged(body, tag, status=201)
    answer.headers["location"] = location
    return answer


def stored_answer(stored: Stored, terms: AnswerTerms | None = None) -> Answer:
    """A resource with its ETag; 304 where the caller, by `terms`, has that version."""
    return tagged(stored.body, etag(stored.key, stored.version), terms)


def created_answer(stored: Stored, location: str) -> Answer:
    """201: the new resource, its ETag and its address."""
    return created(stored.body, etag(stored.key, stored.version), location)


def next_link(terms: AnswerTerms, cursor: str) -> str:
    """The `Link` to the next page of this list."""
    # A `>` would end the address in the Link header (RFC 8288, 3).
    parts = terms.query.replace(">", "%3E").split("&")
    others = "".join(
        f"{part}&" for part in parts if part and not part.startswith("cursor=")
    )
    return f'<{terms.path}?{others}cursor={cursor}>; rel="next"'


def page_answer(page: ItemPage, terms: AnswerTerms) -> Answer:
    """A page of a list, with the address of the next one."""
    rest: dict[str, object] = {"next_cursor": page.next_cursor}
    headers = {}
    if page.next_cursor:
        headers["link"] = next_link(terms, page.next_cursor)
    if page.total is not None:
        rest["total"] = page.total
        # The preference that was followed: a server may ignore it (RFC 7240, 3).
        headers["preference-applied"] = f"count={terms.counting}"
    if page.missing is not None:
        rest["missing"] = page.missing
    # The items are JSON already, and are not parsed to be written again.
    return Answer(
        b'{"items":[%b],%b' % (page.items, to_json(rest)[1:]), headers=headers
    )
