"""API documents and problems of the services, fetched when needed and kept for seconds."""

import asyncio
import hashlib
import json
from collections.abc import Callable
from typing import Any, NamedTuple

from gateway.openapi import Json, merge
from gateway.upstreams import Upstream
from gateway.views.document import views_document
from services.chassis.ground.problems import catalogue

FRESH_SECONDS = 10.0
# Sooner: until the service answers, the document calls it unavailable.
RETRY_SECONDS = 1.0
FETCH_SECONDS = 5.0


class Document(NamedTuple):
    """A document ready to be sent."""

    body: bytes
    etag: bytes


class ProblemKind(NamedTuple):
    """One kind of refusal, as its page shows it."""

    slug: str
    status: int
    title_en: str
    title_pl: str


class Publications:
    """The merged API document, and the problems of all services.

    Of a service that cannot be reached, the last documents stay.
    """

    def __init__(
        self, services: dict[str, Upstream], clock: Callable[[], float]
    ) -> None:
        self._services = services
        self._clock = clock
        self._refreshing = asyncio.Lock()
        self._ask_again_at = float("-inf")
        self._documents: dict[str, Json] = {}
        self._problems: dict[str, list[Json]] = {}
        self._unavailable: list[str] = []
        self._merged: Document | None = None

    async def api_document(self) -> Document:
        """The merged OpenAPI document; `x-unavailable` names services that do not answer."""
        await self._refresh()
        if self._merged is None:
            documents = {
                name: self._documents[name]
                for name in self._services
                if name in self._documents
            }
            # A view shows what services have: those that name its parts come first.
            documents["views"] = views_document()
            body = json.dumps(
                merge(documents, self._unavailable),
                ensure_ascii=False,
                separators=(",", ":"),
            ).encode()
            self._merged = Document(
                body, b'"' + hashlib.sha256(body).hexdigest()[:32].encode() + b'"'
            )
        return self._merged

    async def problem_kinds(self) -> dict[str, ProblemKind]:
        """Every kind of problem of the gateway and of the services, by its slug."""
        kinds = {
            kind.slug(): ProblemKind(
                kind.slug(), kind.status, kind.title("en"), kind.title("pl")
            )
            for kind in catalogue()
        }
        await self._refresh()
        for published in self._problems.values():
            for entry in published:
                kind = _problem_kind(entry)
                if kind is not None:
                    # The chassis's problems are the same in every service: ours are
                    # there already.
                    kinds.setdefault(kind.slug, kind)
        return dict(sorted(kinds.items()))

    async def _refresh(self) -> None:
        async with self._refreshing:
            if self._clock() < self._ask_again_at:
                return
            have_answered = await asyncio.gather(
                *(
                    self._fetch(name, upstream)
                    for name, upstream in self._services.items()
                )
            )
            unavailable = [
                name
                for name, answered in zip(self._services, have_answered, strict=True)
                if not answered
            ]
            if unavailable != self._unavailable:
                self._unavailable, self._merged = unavailable, None
            self._ask_again_at = self._clock() + (
                RETRY_SECONDS if unavailable else FRESH_SECONDS
            )

    async def _fetch(self, name: str, upstream: Upstream) -> bool:
        """Whether the service has answered with its API document."""
        bodies = await asyncio.gather(
            upstream.get("/openapi.json", FETCH_SECONDS),
            upstream.get("/problems", FETCH_SECONDS),
        )
        document, problems = map(_parsed, bodies)
        if isinstance(problems, list):
            self._problems[name] = problems
        if not isinstance(document, dict):
            return False
        # Merged anew only for a change: merging walks through every document.
        if document != self._documents.get(name):
            self._documents[name], self._merged = document, None
        return True


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
        )
    # A service of another version may publish another shape: only that kind is left
    # out.
    except (TypeError, KeyError, ValueError):
        return None
