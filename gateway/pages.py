"""The addresses that the gateway answers itself: pages, API document, problems, health."""

import asyncio
import gzip
import json
import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl

from gateway import portal
from gateway.headers import CHECK_AGAIN, NOT_STORED, NOTHING_TO_LOAD, Headers
from gateway.health import Health, state_of_whole
from gateway.publications import Document, Publications
from gateway.requests import Request
from gateway.routes import READ_ONLY
from gateway.shared_reads import has_etag
from services.chassis.ground.problems import (
    FieldError,
    Language,
    MethodNotAllowed,
    NotFound,
    ValidationFailed,
)
from services.chassis.ground.refusals import preferred_language
from services.chassis.media_types import preferred_type

JSON: Headers = [(b"content-type", b"application/json"), NOTHING_TO_LOAD]
_BY_ENCODING = (b"vary", b"Accept-Encoding")
_WITHOUT_GZIP = re.compile(rb"gzip\s*;\s*q=0(?:\.0*)?\s*(?:,|$)")
DOCUMENTS = frozenset({"/openapi.json", "/asyncapi.json"})


class Pages(NamedTuple):
    """Answers requests that need neither a service nor a token."""

    services: list[str]
    publications: Publications
    health: Health
    issuer: str = ""
    """Where the development issuer answers; empty in production."""

    async def answer(self, request: Request) -> None:
        """Answer the request; NotFound where the gateway has no such page."""
        path = request.path.decode()
        request.route_name = "page"
        if path in {"/livez", "/readyz"}:
            _require_reading(request)
            await self._answer_health(request, path)
        elif path in {"/", "/docs", *DOCUMENTS} or path.startswith(
            ("/docs/assets/", "/problems")
        ):
            _require_reading(request)
            await self._show(request, path)
        else:
            # One name for all of these: otherwise callers could invent labels of
            # metrics without end.
            request.route_name = "none"
            raise NotFound

    async def _answer_health(self, request: Request, path: str) -> None:
        # Without the services: restarting the gateway would help none of them.
        if path == "/livez":
            await _send(request, 200, [*JSON, NOT_STORED], b'{"status":"ok"}')
        else:
            await self._answer_readiness(request)

    async def _answer_readiness(self, request: Request) -> None:
        """Names and states alone: the reasons are in the services' logs."""
        service = self._named_service(request)
        services = await self.health.services()
        if service is None:
            state = state_of_whole(services)
            members = {"status": state, "services": services}
        else:
            state = services[service]
            members = {"status": state}
        body = json.dumps(members, separators=(",", ":")).encode()
        status = 503 if state == "unavailable" else 200
        await _send(request, status, [*JSON, NOT_STORED], body)

    async def _show(self, request: Request, path: str) -> None:
        language = preferred_language(
            request.headers.get(b"accept-language", b"").decode("latin-1")
        )
        if path == "/":
            page = portal.start_page(language, self.services)
            await _send(request, 200, portal.page_headers(language), page)
        elif path == "/docs":
            current = self._named_service(request) or next(iter(self.services), "")
            page = portal.docs_page(language, self.services, current, self.issuer)
            await _send(request, 200, portal.page_headers(language), page)
        elif path == "/openapi.json":
            service = self._named_service(request)
            document = await self.publications.api_document(service)
            await _send_document(request, document, [*JSON, CHECK_AGAIN])
        elif path == "/asyncapi.json":
            document = await self.publications.event_catalogue()
            await _send_document(request, document, [*JSON, CHECK_AGAIN])
        elif path.startswith("/docs/assets/"):
            await self._show_asset(request, path.removeprefix("/docs/assets/"))
        else:
            await self._show_problems(request, path, language)

    def _named_service(self, request: Request) -> str | None:
        """The deployed service in the request's query; None without one."""
        service = _service_parameter(request.query)
        if service is not None and service not in self.services:
            raise ValidationFailed(FieldError("parameter", "service", "not_listed"))
        return service

    async def _show_asset(self, request: Request, name: str) -> None:
        if name not in portal.ASSETS:
            raise NotFound
        headers = [(b"content-type", portal.media_type(name)), CHECK_AGAIN]
        await _send_document(request, portal.asset(name), headers)

    async def _show_problems(
        self, request: Request, path: str, language: Language
    ) -> None:
        by_slug = await self.publications.problem_kinds()
        slug = path.removeprefix("/problems/")
        if path == "/problems":
            kinds = list(by_slug.values())
            page = portal.problems_page(language, kinds)
        elif slug in by_slug:
            kinds = [by_slug[slug]]
            page = portal.problem_page(language, by_slug[slug])
        else:
            raise NotFound
        if _wants_json(request.headers.get(b"accept", b"")):
            headers = [*JSON, CHECK_AGAIN, (b"vary", b"Accept")]
            await _send(request, 200, headers, portal.problem_json(kinds))
        else:
            await _send(request, 200, portal.page_headers(language), page)


def _service_parameter(query: bytes) -> str | None:
    """The value of `service`, None without it; ValidationFailed for another parameter."""
    parameters = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    for name, _ in parameters:
        if name != "service":
            # Input is repeated only if it can be nothing but a name.
            parameter = name if name.isidentifier() else ""
            raise ValidationFailed(FieldError("parameter", parameter, "unknown"))
    if len(parameters) > 1:
        raise ValidationFailed(FieldError("parameter", "service", "repeated"))
    return parameters[0][1] if parameters else None


def _require_reading(request: Request) -> None:
    if request.method not in READ_ONLY:
        raise MethodNotAllowed


def _wants_json(accept: bytes) -> bool:
    # The page also for callers that accept anything, or neither of the two.
    offered = ["text/html", "application/json"]
    return preferred_type(accept.decode("latin-1"), offered) == offered[1]


async def _send_document(
    request: Request, document: Document, headers: Headers
) -> None:
    """Send a document or 304; compressed if the caller accepts gzip."""
    etag, body = document.etag, document.body
    headers = [*headers, _BY_ENCODING]
    accept_encoding = request.headers.get(b"accept-encoding", b"").lower()
    # `q=0` excludes an encoding (RFC 9110, 12.4.2).
    if b"gzip" in accept_encoding and not _WITHOUT_GZIP.search(accept_encoding):
        # Other bytes, another strong ETag (RFC 9110, 8.8.3.3).
        etag = etag[:-1] + b'-gzip"'
        headers.append((b"content-encoding", b"gzip"))
    headers.append((b"etag", etag))
    if has_etag(request.headers.get(b"if-none-match"), etag):
        await request.answer(304, headers, b"")
        return
    if etag is not document.etag:
        body = await asyncio.to_thread(_compressed, body)
    await _send(request, 200, headers, body)


@lru_cache(maxsize=16)
def _compressed(body: bytes) -> bytes:
    return gzip.compress(body, 6, mtime=0)


async def _send(request: Request, status: int, headers: Headers, body: bytes) -> None:
    """Send a whole answer; for HEAD its headers alone."""
    headers = [*headers, (b"content-length", b"%d" % len(body))]
    await request.answer(status, headers, b"" if request.method == "HEAD" else body)
