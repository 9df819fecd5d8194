"""The addresses that the gateway answers itself: pages, the API document, problems and health."""

import json
from typing import NamedTuple
from urllib.parse import parse_qsl

from gateway import portal
from gateway.headers import NOT_STORED, NOTHING_TO_LOAD, Headers
from gateway.health import Health, state_of_whole
from gateway.publications import Document, Publications
from gateway.requests import Request
from gateway.shared_reads import has_etag
from services.chassis.problems import (
    FieldError,
    Language,
    MethodNotAllowed,
    NotFound,
    ValidationFailed,
)
from services.chassis.refusals import preferred_language

JSON: Headers = [(b"content-type", b"application/json"), NOTHING_TO_LOAD]
CHECK_AGAIN = (b"cache-control", b"no-cache")
READ_ONLY = frozenset({"GET", "HEAD"})


class Pages(NamedTuple):
    """Everything that is answered without a service and without a token."""

    services: list[str]
    publications: Publications
    assets: dict[str, Document]
    health: Health

    async def answer(self, request: Request) -> None:
        """Answer the request, or raise NotFound."""
        path = request.path.decode()
        request.route_name = "page"
        if path in {"/livez", "/readyz"}:
            _demand_reading(request)
            await self._tell_state(request, path)
        elif path in {"/", "/docs", "/openapi.json"} or path.startswith(
            ("/docs/assets/", "/problems")
        ):
            _demand_reading(request)
            await self._show(request, path)
        else:
            request.route_name = "none"
            raise NotFound

    async def _tell_state(self, request: Request, path: str) -> None:
        if path == "/livez":
            await _send(request, 200, [*JSON, NOT_STORED], b'{"status":"ok"}')
        else:
            await self._tell_readiness(request)

    async def _tell_readiness(self, request: Request) -> None:
        """Names and states alone: what is wrong with a service is for its log."""
        asked = _asked_service(request.query)
        if asked is not None and asked not in self.services:
            raise ValidationFailed(FieldError("parameter", "service", "not_listed"))
        services = await self.health.services()
        state = state_of_whole(services) if asked is None else services[asked]
        told = {"status": state} | ({"services": services} if asked is None else {})
        body = json.dumps(told, separators=(",", ":")).encode()
        await _send(
            request, 503 if state == "unavailable" else 200, [*JSON, NOT_STORED], body
        )

    async def _show(self, request: Request, path: str) -> None:
        language = preferred_language(
            request.headers.get(b"accept-language", b"").decode("latin-1")
        )
        if path == "/":
            await _send(
                request,
                200,
                portal.page_headers(language),
                portal.start_page(language, self.services),
            )
        elif path == "/docs":
            await _send(
                request, 200, portal.page_headers(language), portal.docs_page(language)
            )
        elif path == "/openapi.json":
            await _send_document(
                request, await self.publications.api_document(), [*JSON, CHECK_AGAIN]
            )
        elif path.startswith("/docs/assets/"):
            await self._show_asset(request, path.removeprefix("/docs/assets/"))
        else:
            await self._show_problems(request, path, language)

    async def _show_asset(self, request: Request, name: str) -> None:
        if name not in self.assets:
            raise NotFound
        await _send_document(
            request,
            self.assets[name],
            [(b"content-type", portal.media_type(name)), CHECK_AGAIN],
        )

    async def _show_problems(
        self, request: Request, path: str, language: Language
    ) -> None:
        kinds = await self.publications.problem_kinds()
        if path == "/problems":
            shown, page = (
                list(kinds.values()),
                portal.problems_page(language, list(kinds.values())),
            )
        elif path.startswith("/problems/") and path.removeprefix("/problems/") in kinds:
            kind = kinds[path.removeprefix("/problems/")]
            shown, page = [kind], portal.problem_page(language, kind)
        else:
            raise NotFound
        if _wants_json(request.headers.get(b"accept", b"")):
            await _send(
                request,
                200,
                [*JSON, CHECK_AGAIN, (b"vary", b"Accept")],
                portal.problem_json(shown),
            )
        else:
            await _send(request, 200, portal.page_headers(language), page)


def _asked_service(query: bytes) -> str | None:
    """The service that a balancer asks for, None when it asks for the whole. Raises for anything else."""
    named = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    for name, _ in named:
        if name != "service":
            raise ValidationFailed(
                FieldError("parameter", name if name.isidentifier() else "", "unknown")
            )
    if len(named) > 1:
        raise ValidationFailed(FieldError("parameter", "service", "repeated"))
    return named[0][1] if named else None


def _demand_reading(request: Request) -> None:
    if request.method not in READ_ONLY:
        raise MethodNotAllowed


def _wants_json(accept: bytes) -> bool:
    return b"json" in accept and b"text/html" not in accept


async def _send_document(
    request: Request, document: Document, headers: Headers
) -> None:
    headers = [*headers, (b"etag", document.etag)]
    if has_etag(request.headers.get(b"if-none-match"), document.etag):
        await request.answer(304, headers, b"")
    else:
        await _send(request, 200, headers, document.body)


async def _send(request: Request, status: int, headers: Headers, body: bytes) -> None:
    """Send a whole answer; HEAD gets its headers only."""
    headers = [*headers, (b"content-length", b"%d" % len(body))]
    await request.answer(status, headers, b"" if request.method == "HEAD" else body)
