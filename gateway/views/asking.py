"""Asking services for the parts of a view: all at once, within one deadline."""

import asyncio
import time
from collections.abc import Awaitable, Coroutine, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlencode

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from gateway.headers import Headers
from gateway.proxy import Answer, fetch
from gateway.requests import NO_BODY, Request
from gateway.shared_reads import key_of
from gateway.upstreams import Upstream
from gateway.views.borders import Borders
from gateway.views.references import References
from gateway.views.shapes import MissingPart, PartProblem
from services.chassis.ground.problems import (
    Language,
    NotAcceptable,
    Problem,
    UpstreamInvalidResponse,
    UpstreamTimeout,
    UpstreamUnavailable,
)
from services.chassis.trust.tokens import Claims

Term = str | int | Sequence[str]
Terms = Mapping[str, Term]
"""The parameters of a question."""
Model = TypeVar("Model", bound=BaseModel)
Value = TypeVar("Value")
# By whose right, in which language, in which trace: a part is asked for as the caller
# would have asked, but for what concerns the view as a whole.
_OF_CALLER = (b"authorization", b"accept-language", b"tracestate")
# Not for the caller, not there, not in this state, erased: no service failed.
_NOTHING_TO_SHOW = frozenset({403, 404, 409, 410})
_JSON = frozenset({"", "*/*", "application/*", "application/json"})


class Refused(Exception):
    """A service refused, in its own words."""

    def __init__(self, status: int, headers: Headers, problem: dict[str, Any]) -> None:
        self.status, self.headers, self.problem = status, headers, problem
        super().__init__(status)


class Leg(NamedTuple):
    """One question to one service."""

    part: str
    """The member of the view that is made of the answer."""
    service: str
    path: str
    """Behind `/v1/<service>`."""
    query: Mapping[str, Term] = {}
    is_reference: bool = False
    """Of what seldom changes: the answer may be as it was a minute ago."""

    @property
    def query_string(self) -> bytes:
        """The query as it stands in the address."""
        return urlencode(self.query, doseq=True).encode() if self.query else b""


class Surroundings(NamedTuple):
    """What views ask with, whoever calls."""

    upstreams: Mapping[str, Upstream]
    references: References
    borders: Borders
    seconds: float
    """How long a view may take."""


class Asking:
    """What one view asks for, on behalf of one caller."""

    def __init__(
        self, request: Request, claims: Claims, language: Language, around: Surroundings
    ) -> None:
        self.claims, self.language, self.borders = claims, language, around.borders
        self.missing: list[MissingPart] = []
        self.timings: list[tuple[str, str, float]] = []
        """Of each leg its part, its service and the milliseconds that it took."""
        self._request, self._around = request, around
        self._tasks: list[asyncio.Task[Any]] = []
        now = asyncio.get_running_loop().time()
        # The view has to be put together, too, before the caller's own time is over.
        self.deadline = min(now + around.seconds, request.deadline - 0.05)

    def subject(self, leg: Leg, model: type[Model]) -> asyncio.Task[Model]:
        """Ask for what the view is about: where that fails, its problem is the answer."""
        return self._start(self.get(leg, model))

    def part(self, leg: Leg, model: type[Model]) -> asyncio.Task[Model | None]:
        """Ask for a part: None where there is nothing to show, or it could not be had."""
        return self.work(leg.part, leg.service, self.get(leg, model))

    def work(
        self, part: str, service: str, asking: Coroutine[Any, Any, Value]
    ) -> asyncio.Task[Value | None]:
        """A part that takes more than one question; like `part` otherwise."""
        return self._start(self._or_missing(part, service, asking))

    def accepted(self, media_types: Mapping[str, str]) -> str | None:
        """The first of these that Accept names; None for JSON, else NotAcceptable."""
        accept = self._request.headers.get(b"accept", b"*/*").decode("latin-1").lower()
        by_type = {kind: name for name, kind in media_types.items()}
        for part in accept.split(","):
            kind, _, weight = part.partition(";")
            if weight.replace(" ", "") in {"q=0", "q=0.0"}:
                continue
            if (kind := kind.strip()) in by_type or kind in _JSON:
                return by_type.get(kind)
        raise NotAcceptable(available=["application/json", *by_type])

    async def get(self, leg: Leg, model: type[Model]) -> Model:
        """The answer to a question; Refused or a Problem where there is none."""
        asking = self._keep(leg) if leg.is_reference else self._fetch(leg)
        return _read(await self._timed(leg, asking), model)

    def end(self) -> None:
        """Wait for nothing any more."""
        for task in self._tasks:
            task.cancel()

    def _start(self, asking: Coroutine[Any, Any, Value]) -> asyncio.Task[Value]:
        task = asyncio.create_task(asking)
        # Where the subject fails nobody looks at the other parts, and asyncio would
        # complain of what became of them.
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._tasks.append(task)
        return task

    async def _or_missing(
        self, part: str, service: str, asking: Coroutine[Any, Any, Value]
    ) -> Value | None:
        try:
            return await asking
        except Refused as refused:
            if refused.status in _NOTHING_TO_SHOW:
                return None
            problem = PartProblem.model_validate(refused.problem)
        except Problem as failure:
            problem = self._part_problem(failure)
        self.missing.append(MissingPart(service=service, part=part, problem=problem))
        return None

    def _part_problem(self, problem: Problem) -> PartProblem:
        slug = problem.slug()
        return PartProblem(
            type=f"/problems/{slug}",
            title=problem.title(self.language),
            status=problem.status,
            code=slug.replace("-", "_"),
        )

    async def _timed(self, leg: Leg, asking: Awaitable[Answer]) -> Answer:
        started = time.perf_counter()
        try:
            # The whole of it: a service that answers in drops would never end.
            async with asyncio.timeout_at(self.deadline):
                return await asking
        except TimeoutError:
            raise UpstreamTimeout() from None
        finally:
            milliseconds = (time.perf_counter() - started) * 1000
            self.timings.append((leg.part, leg.service, milliseconds))

    async def _keep(self, leg: Leg) -> Answer:
        asked = self._request_of(leg)
        key = key_of(asked.target, asked.headers, self.claims)
        return await self._around.references.read(key, partial(self._fetch, leg))

    async def _fetch(self, leg: Leg) -> Answer:
        upstream = self._around.upstreams.get(leg.service)
        if upstream is None:
            raise UpstreamUnavailable(retry_after=1)
        return await fetch(self._request_of(leg), upstream, NO_BODY)

    def _request_of(self, leg: Leg) -> Request:
        request = self._request
        path = f"/v1/{leg.service}{leg.path}".encode()
        scope = {"method": "GET", "raw_path": path, "query_string": leg.query_string}
        asked = Request(scope, request.receive, request.send)
        headers = request.headers
        asked.headers = {
            name: headers[name] for name in _OF_CALLER if name in headers
        } | {b"accept": b"application/json"}
        asked.client, asked.deadline = request.client, self.deadline
        asked.trace, asked.span = request.trace, request.span
        asked.flags = request.flags
        return asked


def _read(answer: Answer, model: type[Model]) -> Model:
    if answer.status != 200:
        raise Refused(answer.status, answer.headers, _problem_of(answer))
    try:
        return model.model_validate_json(answer.body)
    # Without its cause, which would quote what the service said.
    except ValidationError:
        raise UpstreamInvalidResponse() from None


def _problem_of(answer: Answer) -> dict[str, Any]:
    try:
        problem = from_json(answer.body)
        PartProblem.model_validate(problem)
    except ValueError:
        raise UpstreamInvalidResponse() from None
    return dict(problem)
