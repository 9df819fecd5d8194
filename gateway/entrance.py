"""What happens to a request, in this order: is it well-formed, who sends it, is there room, which service answers."""

import asyncio
import functools
import time
from typing import NamedTuple

from gateway.authentication import Authentication
from gateway.cors import Cors
from gateway.headers import Headers
from gateway.health import Health
from gateway.hosts import Addresses, Hosts
from gateway.journal import Journal
from gateway.limits import CallerRates, Room
from gateway.pages import READ_ONLY, Pages
from gateway.problems import ExpectationFailed
from gateway.proxy import BrokenOff, fetch, forward
from gateway.requests import CLOSING, Body, ClientGone, Request
from gateway.routes import (
    METHODS,
    Route,
    RoutingTable,
    Traffic,
    is_reference_data,
    traffic_of,
)
from gateway.settings import GatewaySettings
from gateway.shared_reads import SharedReads, answer_for, key_of
from gateway.targets import check_target
from gateway.upstreams import Upstream
from gateway.watch import Watch
from services.chassis.logs import describe_exception, logger
from services.chassis.problems import (
    Internal,
    MethodNotAllowed,
    Overloaded,
    Problem,
    RequestTimeout,
    UpstreamTimeout,
)
from services.chassis.refusals import preferred_language, problem_bytes, problem_headers
from services.chassis.tokens import Claims

log = logger("entrance")


class Entrance(NamedTuple):
    """Everything a request meets on its way."""

    settings: GatewaySettings
    table: RoutingTable
    upstreams: dict[str, Upstream]
    authentication: Authentication
    hosts: Hosts
    addresses: Addresses
    cors: Cors
    room: Room
    rates: CallerRates
    shared: SharedReads
    pages: Pages
    health: Health
    journal: Journal
    watch: Watch
    always: Headers
    """Headers of every answer."""

    async def serve(self, request: Request) -> None:
        """Answer one request, whatever happens."""
        started = time.perf_counter()
        request.task = asyncio.current_task()
        if "splot.begun" in request.scope:
            request.take_over(*request.scope["splot.begun"])
        self.watch.begin(request, request.deadline or self.deadline())
        try:
            await self._admit(request)
        except Problem as problem:
            await refuse(request, problem)
        except BrokenOff:
            self._break_off(request)
        except ClientGone:
            request.sender_left = True
        except asyncio.CancelledError:
            if not (request.is_late or request.sender_left):
                raise
            await self._give_up(request)
        except Exception as error:  # noqa: BLE001 - the last line of defence: nothing of it reaches the caller
            await self._fail(request, error)
        finally:
            self.watch.end(request)
            self.journal.record(request, time.perf_counter() - started)

    def stop(self) -> None:
        """Somebody has asked to stop: no longer ready, and event streams end so that their readers resume elsewhere."""
        self.health.is_stopping = True
        self.room.clear(Traffic.STREAM)

    async def _give_up(self, request: Request) -> None:
        """The deadline has passed, or nobody waits any more."""
        if request.task is not None:
            request.task.uncancel()
        if request.sender_left:
            return
        if request.status:
            self._break_off(request)
        elif self.health.is_stopping:
            await refuse(request, Overloaded())
        else:
            await refuse(
                request, UpstreamTimeout() if request.has_arrived else RequestTimeout()
            )

    async def _fail(self, request: Request, error: Exception) -> None:
        """Something here is wrong: operators learn where, the caller only that."""
        log.error(
            "request failed", trace_id=request.trace_id, **describe_exception(error)
        )
        await refuse(request, Internal())

    def _break_off(self, request: Request) -> None:
        """An answer that cannot be completed ends without its end, so that nobody takes it for whole."""
        log.warning(
            "answer broken off", trace_id=request.trace_id, route=request.route_name
        )

    def deadline(self) -> float:
        """When a request that comes now has to be answered."""
        return asyncio.get_running_loop().time() + self.settings.deadline_seconds

    def greet(self, request: Request) -> None:
        """Prepare the headers that every answer to the request has, once its own are read."""
        request.continue_trace()
        traceparent = (b"traceparent", b"00-%b-%b-01" % (request.trace, request.span))
        request.answer_headers = [*self.greeting(request.headers), traceparent]

    def greeting(self, headers: dict[bytes, bytes]) -> Headers:
        """What every answer to a request with these headers has, its trace apart."""
        return [*self.always, *self.cors.headers(headers.get(b"origin"))]

    async def _admit(self, request: Request) -> None:
        """Everything that can be said of a request without a service or a token."""
        try:
            request.read_headers()
        finally:
            self.greet(request)
        headers, method = request.headers, request.method
        check_target(request.path, request.query)
        request.is_well_addressed = True
        self.hosts.check(headers.get(b"host"))
        if method not in METHODS:
            raise MethodNotAllowed
        if b"expect" in headers and headers[b"expect"].lower() != b"100-continue":
            raise ExpectationFailed
        request.client = self.addresses.of(request.scope.get("client"), headers)
        if method == "OPTIONS" and b"access-control-request-method" in headers:
            await request.answer(204, self.cors.preflight(headers.get(b"origin")), b"")
            return
        route = self.table.find(request.path)
        if route is None:
            self.rates.spend("address:" + request.client.decode())
            await self.pages.answer(request)
        else:
            request.route_name = route.upstream
            await self._route(request, route)

    async def _route(self, request: Request, route: Route) -> None:
        claims = None
        if route.needs_token:
            authorization = request.headers.get(b"authorization")
            claims = self.authentication.remembered(
                authorization
            ) or await self._verify(request, authorization)
        self.rates.spend(
            claims.subject
            if claims is not None
            else "address:" + request.client.decode()
        )
        traffic = traffic_of(
            request.method,
            request.path,
            request.query,
            request.headers.get(b"accept", b""),
        )
        self.room.enter(request, traffic)
        try:
            body = self._open_body(request, traffic)
            if not body.complete:
                request.buffered = await body.beginning()
            if (
                claims is not None
                and traffic is Traffic.CALL
                and is_reference_data(route, request.method, request.path)
            ):
                await self._share(request, route, claims, body)
            else:
                await forward(request, self.upstreams[route.upstream], body)
        finally:
            self.room.leave(request, traffic)

    async def _verify(self, request: Request, authorization: bytes | None) -> Claims:
        try:
            return await self.authentication.claims(authorization, request.trace_id)
        except Problem:
            self.rates.spend("address:" + request.client.decode())
            raise

    def _open_body(self, request: Request, traffic: Traffic) -> Body:
        settings = self.settings
        if traffic is Traffic.CALL:
            return request.open_body(settings.max_body_bytes, settings.body_seconds)
        seconds = (
            settings.stream_seconds
            if traffic is Traffic.STREAM
            else settings.transfer_seconds
        )
        self.watch.move(request, asyncio.get_running_loop().time() + seconds)
        return request.open_body(settings.max_upload_bytes, settings.body_seconds)

    async def _share(
        self, request: Request, route: Route, claims: Claims, body: Body
    ) -> None:
        key = key_of(request.target, request.headers, claims)
        held = request.headers.pop(b"if-none-match", None)
        ask = functools.partial(fetch, request, self.upstreams[route.upstream], body)
        answer = answer_for(held, await self.shared.read(key, ask))
        await request.answer(answer.status, answer.headers, answer.body)


async def refuse(request: Request, problem: Problem) -> None:
    """Answer with a problem; if the answer has begun, all that is left is to break it off."""
    if not request.status:
        headers, body = refusal(request, problem)
        await request.answer(
            problem.status, headers, body if request.method != "HEAD" else b""
        )


def refusal(request: Request, problem: Problem) -> tuple[Headers, bytes]:
    """Headers and body of the answer that tells a problem."""
    language = preferred_language(
        request.headers.get(b"accept-language", b"").decode("latin-1")
    )
    path = request.path.decode() if request.is_well_addressed else "/"
    body = problem_bytes(
        problem, language=language, trace_id=request.trace_id, instance=path
    )
    headers = problem_headers(problem, language)
    headers.append((b"content-length", b"%d" % len(body)))
    if isinstance(problem, MethodNotAllowed):
        taken = READ_ONLY if request.route_name == "page" else METHODS
        headers.append((b"allow", ", ".join(sorted(taken)).encode()))
    if not request.has_arrived:
        headers.append(CLOSING)
    return headers, body
