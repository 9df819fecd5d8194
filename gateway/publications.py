"""Documents and problems of the services, fetched when needed and kept for seconds."""

import asyncio
import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from gateway.asyncapi import merge_events
from gateway.openapi import Json, merge
from gateway.upstreams import Upstream
from gateway.views.document import views_document
from services.chassis.ground.problems import catalogue
from services.chassis.wording.refusals import advice_on

FRESH_SECONDS = 10.0
# Sooner: until the service answers, the document lists it as unavailable.
RETRY_SECONDS = 1.0
FETCH_SECONDS = 10.0


class Document(NamedTuple):
    """A document ready to be sent."""

    body: bytes
    etag: bytes


class ProblemKind(NamedTuple):
    """One kind of refusal, as shown on its page."""

    slug: str
    status: int
    title_en: str
    title_pl: str
    advice: dict[str, str]
    """Advice by language; empty where there is none for all cases."""


class Publications:
    """The API document, the catalogue of events, and the problems of all services.

    If a service cannot be reached, its last documents stay.
    """

    def __init__(
        self, services: dict[str, Upstream], clock: Callable[[], float]
    ) -> None:
        self._services = services
        self._clock = clock
        self._asking = {name: asyncio.Lock() for name in services}
        self._ask_again_at: dict[str, float] = {}
        self._digests: dict[str, list[bytes | None]] = {}
        self._documents: dict[str, Json] = {}
        self._problems: dict[str, list[Json]] = {}
        self._unavailable: set[str] = set()
        self._catalogues: dict[str, Json] = {}
        # The documents made of these, until one of them changes.
        self._ready_documents: dict[str, Document] = {}

    async def api_document(self, service: str | None = None) -> Document:
        """The OpenAPI document, merged or of one service.

        `x-unavailable` names services that do not answer.
        """
        names = [service] if service else list(self._services)
        await self._refresh(names)
        name = service or "merged"
        if name not in self._ready_documents:
            documents = {
                each: self._documents[each] for each in names if each in self._documents
            }
            # After the services' documents: they name the parts of a view, and the
            # first document keeps a shared name.
            if service is None:
                documents["views"] = views_document()
            unavailable = [each for each in names if each in self._unavailable]
            self._ready_documents[name] = _document(merge(documents, unavailable))
        return self._ready_documents[name]

    async def event_catalogue(self) -> Document:
        """The AsyncAPI document of the events of all services."""
        await self._refresh(self._services)
        if "events" not in self._ready_documents:
            self._ready_documents["events"] = _document(merge_events(self._catalogues))
        return self._ready_documents["events"]

    async def problem_kinds(self) -> dict[str, ProblemKind]:
        """Every kind of problem of the gateway and of the services, by its slug."""
        kinds = {
            kind.slug(): ProblemKind(
                kind.slug(),
                kind.status,
                kind.title("en"),
                kind.title("pl"),
                advice_on(kind.slug()),
            )
            for kind in catalogue()
        }
        await self._refresh(self._services)
        for entries in self._problems.values():
            for entry in entries:
                kind = _problem_kind(entry)
                if kind is not None:
                    # The chassis's problems are the same in every service, and those of
                    # the gateway are there already.
                    kinds.setdefault(kind.slug, kind)
        return dict(sorted(kinds.items()))

    async def _refresh(self, names: Iterable[str]) -> None:
        # Of these alone: a service that has just started takes seconds for its document.
        await asyncio.gather(*[self._ask(name) for name in names])

    async def _ask(self, name: str) -> None:
        async with self._asking[name]:
            if self._clock() < self._ask_again_at.get(name, float("-inf")):
                return
            has_answered = await self._fetch(name, self._services[name])
            if has_answered == (name in self._unavailable):
                self._unavailable ^= {name}
                self._ready_documents.clear()
            seconds = FRESH_SECONDS if has_answered else RETRY_SECONDS
            self._ask_again_at[name] = self._clock() + seconds

    async def _fetch(self, name: str, upstream: Upstream) -> bool:
        """Fetch the service's documents; whether its API document came."""
        bodies = await asyncio.gather(
            upstream.get("/openapi.json", FETCH_SECONDS),
            upstream.get("/problems", FETCH_SECONDS),
            upstream.get("/asyncapi.json", FETCH_SECONDS),
        )
        # Unchanged documents are not parsed again: they are megabytes, and all requests
        # wait while one is parsed.
        digests = [body and hashlib.sha256(body).digest() for body in bodies]
        if None not in bodies and digests == self._digests.get(name):
            return True
        document, problems, events = map(_parsed, bodies)
        if isinstance(problems, list):
            self._problems[name] = problems
        if not isinstance(document, dict):
            return False
        # Merged anew only after a change: merging walks through every document.
        if document != self._documents.get(name):
            self._documents[name] = document
            self._ready_documents.clear()
        if isinstance(events, dict) and events != self._catalogues.get(name):
            self._catalogues[name] = events
            self._ready_documents.clear()
        self._digests[name] = digests
        return True


def _document(content: Json) -> Document:
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return Document(body, b'"' + hashlib.sha256(body).hexdigest()[:32].encode() + b'"')


def _parsed(body: bytes | None) -> Any:
    try:
        return json.loads(body) if body is not None else None
    except ValueError:
        return None


def _problem_kind(entry: Any) -> ProblemKind | None:
    try:
        return ProblemKind(
            str(entry["slug"]),
            int(entry["status"]),
            str(entry["title"]["en"]),
            str(entry["title"]["pl"]),
            {
                str(language): str(advice)
                for language, advice in entry["advice"].items()
            },
        )
    # A service of another version may use another form: only that kind is left out.
    except (TypeError, KeyError, ValueError, AttributeError):
        return None
