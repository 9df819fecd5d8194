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
from services.chassis.media_types import preferred_type
from services.chassis.trust.tokens import Claims

Term = str | int | Sequence[str]
Terms = Mapping[str, Term]
"""The parameters of a request."""
Model = TypeVar("Model", bound=BaseModel)
Value = TypeVar("Value")
# A part is requested with the caller's token, languages and trace, as the caller
# would request it, except for headers of the view as a whole.
_OF_CALLER = (b"authorization", b"accept-language", b"tracestate")
# Not for the caller, not found, not in this state, erased: no service failed.
_NOTHING_TO_SHOW = frozenset({403, 404, 409, 410})


class Refused(Exception):
    """A service refused, with its own problem."""

    def __init__(self, status: int, headers: Headers, problem: dict[str, Any]) -> None:
        self.status, self.headers, self.problem = status, headers, problem
        super().__init__(status)


class Leg(NamedTuple):
    """One request to one service."""

    part: str
    """The member of the view that is made of the answer."""
    service: str
    path: str
    """The path after `/v1/<service>`."""
    query: Mapping[str, Term] = {}
    is_reference: bool = False
    """Whether the data seldom change: the answer may be a minute old."""

    @property
    def query_string(self) -> bytes:
        """The query as it stands in the address."""
        return urlencode(self.query, doseq=True).encode() if self.query else b""


class Surroundings(NamedTuple):
    """The parts of the gateway that views use, whoever calls."""

    upstreams: Mapping[str, Upstream]
    references: References
    borders: Borders
    seconds: float
    """The longest time of a view."""


class Asking:
    """The requests of one view, on behalf of one caller."""

    def __init__(
        self, request: Request, claims: Claims, language: Language, around: Surroundings
    ) -> None:
        self.claims, self.language, self.borders = claims, language, around.borders
        self.missing: list[MissingPart] = []
        self.timings: list[tuple[str, str, float]] = []
        """For each leg its part, its service and its duration in milliseconds."""
        self._request, self._around = request, around
        self._tasks: list[asyncio.Task[Any]] = []
        now = asyncio.get_running_loop().time()
        # Time is left to put the view together before the caller's own deadline.
        self.deadline = min(now + around.seconds, request.deadline - 0.05)

    def subject(self, leg: Leg, model: type[Model]) -> asyncio.Task[Model]:
        """Request the subject of the view: if that fails, its problem is the answer."""
        return self._start(self.get(leg, model))

    def part(self, leg: Leg, model: type[Model]) -> asyncio.Task[Model | None]:
        """Request a part: None if there is nothing to show, or the service failed."""
        return self.work(leg.part, leg.service, self.get(leg, model))

    def work(
        self, part: str, service: str, asking: Coroutine[Any, Any, Value]
    ) -> asyncio.Task[Value | None]:
        """Start a part that takes more than one request; otherwise like `part`."""
        return self._start(self._or_missing(part, service, asking))

    def accepted(self, media_types: Mapping[str, str]) -> str | None:
        """The name of the type Accept prefers; None for JSON. Raises NotAcceptable."""
        accept = self._request.headers.get(b"accept", b"").decode("latin-1")
        by_type = {kind: name for name, kind in media_types.items()}
        offered = ["application/json", *by_type]
        kind = preferred_type(accept, offered)
        if kind is None:
            raise NotAcceptable(available=offered)
        return by_type.get(kind)

    async def get(self, leg: Leg, model: type[Model]) -> Model:
        """The answer to a request; Refused or a Problem if there is none."""
        asking = self._keep(leg) if leg.is_reference else self._fetch(leg)
        return _read(await self._timed(leg, asking), model)

    def end(self) -> None:
        """Cancel all requests that are still running."""
        for task in self._tasks:
            task.cancel()

    def _start(self, asking: Coroutine[Any, Any, Value]) -> asyncio.Task[Value]:
        task = asyncio.create_task(asking)
        # If the subject fails, the other parts are not read, and asyncio would complain
        # of their exceptions.
        task.add_done_callback(
            lambda finished: finished.cancelled() or finished.exception()
        )
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
            # The total: a service that answers in drops would never end.
            async with asyncio.timeout_at(self.deadline):
                return await asking
        except TimeoutError:
            raise UpstreamTimeout() from None
        finally:
            milliseconds = (time.perf_counter() - started) * 1000
            self.timings.append((leg.part, leg.service, milliseconds))

    async def _keep(self, leg: Leg) -> Answer:
        part_request = self._request_of(leg)
        key = key_of(part_request.target, part_request.headers, self.claims)
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
        part_request = Request(scope, request.receive, request.send)
        headers = request.headers
        part_request.headers = {
            name: headers[name] for name in _OF_CALLER if name in headers
        } | {b"accept": b"application/json"}
        part_request.client, part_request.deadline = request.client, self.deadline
        part_request.trace, part_request.span = request.trace, request.span
        part_request.flags = request.flags
        return part_request


def _read(answer: Answer, model: type[Model]) -> Model:
    if answer.status != 200:
        raise Refused(answer.status, answer.headers, _problem_of(answer))
    try:
        return model.model_validate_json(answer.body)
    # Without its cause, which would quote the service's answer.
    except ValidationError:
        raise UpstreamInvalidResponse() from None


def _problem_of(answer: Answer) -> dict[str, Any]:
    try:
        problem = from_json(answer.body)
        PartProblem.model_validate(problem)
    except ValueError:
        raise UpstreamInvalidResponse() from None
    return dict(problem)
