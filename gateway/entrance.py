"""The way of a request: is it well-formed, who sends it, is there room, who answers it."""

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
from gateway.pages import Pages
from gateway.problems import ExpectationFailed
from gateway.proxy import BrokenOff, fetch, forward
from gateway.requests import CLOSING, Body, ClientGone, Request
from gateway.routes import (
    METHODS,
    READ_ONLY,
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
from gateway.views.answering import PREFIX, Views
from gateway.watch import Watch
from services.chassis.ground.logs import describe_exception, logger
from services.chassis.ground.outcomes import refusal_of
from services.chassis.ground.problems import (
    Internal,
    MethodNotAllowed,
    Overloaded,
    Problem,
    RequestTimeout,
    UpstreamTimeout,
)
from services.chassis.trust.tokens import Claims

log = logger("entrance")


class Entrance(NamedTuple):
    """Serves requests, with the parts that check and answer them."""

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
    views: Views
    pages: Pages
    health: Health
    journal: Journal
    watch: Watch
    always: Headers
    """The headers of every answer, whatever its request."""

    async def serve(self, request: Request) -> None:
        """Answer one request, whatever happens."""
        started = time.perf_counter()
        # `expire` and `abandon` end the request by cancelling this task.
        request.task = asyncio.current_task()
        if "splot.express" in request.scope:
            request.take_over(*request.scope["splot.express"])
        # The express lane has set the deadline already: being handed over does not
        # extend it.
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
            # Cancelled by somebody else, such as the server when it shuts down.
            if not (request.is_late or request.sender_left):
                raise
            await self._give_up(request)
        except Exception as error:  # noqa: BLE001 - nothing of it reaches the caller
            await self._fail(request, error)
        finally:
            self.watch.end(request)
            self.journal.record(request, time.perf_counter() - started)

    def stop(self) -> None:
        """Stop being ready, and end event streams: readers resume elsewhere."""
        self.health.is_stopping = True
        self.room.clear(Traffic.STREAM)

    async def _give_up(self, request: Request) -> None:
        """End a request whose deadline has passed, or whose caller has left."""
        # Without this the answer below would be cancelled as well.
        if request.task is not None:
            request.task.uncancel()
        if request.sender_left:
            return
        if request.status:
            self._break_off(request)
        # Ended by `stop`, and no fault of the service: the caller may try elsewhere.
        elif self.health.is_stopping:
            await refuse(request, Overloaded())
        elif request.has_arrived:
            await refuse(request, UpstreamTimeout())
        else:
            await refuse(request, RequestTimeout())

    async def _fail(self, request: Request, error: Exception) -> None:
        """Log an error of our own; the caller learns only that it happened."""
        log.error(
            "request failed", trace_id=request.trace_id, **describe_exception(error)
        )
        await refuse(request, Internal())

    def _break_off(self, request: Request) -> None:
        """Leave an answer without its end, so that nobody takes it for complete."""
        log.warning(
            "answer broken off", trace_id=request.trace_id, route=request.route_name
        )

    def deadline(self) -> float:
        """When a request that arrives now has to be answered, by the event loop's clock."""
        return asyncio.get_running_loop().time() + self.settings.deadline_seconds

    def prepare_answer(self, request: Request) -> None:
        """Set the headers of every answer to the request, once its own are read."""
        request.continue_trace()
        traceparent = (b"traceparent", request.traceparent)
        request.answer_headers = [*self.constant_headers(request.headers), traceparent]

    def constant_headers(self, headers: dict[bytes, bytes]) -> Headers:
        """The headers of every answer to such requests, except the trace."""
        return [*self.always, *self.cors.headers(headers.get(b"origin"))]

    async def _admit(self, request: Request) -> None:
        """Check what needs no token; then answer the request, or route it to a service."""
        try:
            request.read_headers()
        finally:
            # A refusal of the headers needs them, too.
            self.prepare_answer(request)
        headers, method = request.headers, request.method
        check_target(request.path, request.query)
        # Only a checked address is repeated in a refusal.
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
        if request.path.startswith(PREFIX):
            request.route_name = "views"
            await self._view(request)
        elif route is None:
            # These pages need no token, so requests can be counted by address only.
            self._count(request, _address_of(request))
            await self.pages.answer(request)
        else:
            request.route_name = route.upstream
            await self._route(request, route)

    async def _route(self, request: Request, route: Route) -> None:
        needs_token = route.demands_token(request.method, request.path)
        claims = await self._claims(request) if needs_token else None
        # By subject where there is one: many people may share one address.
        self._count(request, claims.subject if claims else _address_of(request))
        accept = request.headers.get(b"accept", b"")
        traffic = traffic_of(request.method, request.path, request.query, accept)
        # Before the body is read: a request that waits for its body takes memory, too.
        self.room.enter(request, traffic)
        try:
            body = self._open_body(request, traffic)
            if not body.complete:
                # Before a replica is chosen: a slow caller must not hold one of the
                # connections to it.
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

    async def _view(self, request: Request) -> None:
        claims = await self._claims(request)
        self._count(request, claims.subject)
        # One place for all of its parts: requested one by one they would take several.
        self.room.enter(request, Traffic.CALL)
        try:
            await self.views.answer(request, claims)
        finally:
            self.room.leave(request, Traffic.CALL)

    async def _claims(self, request: Request) -> Claims:
        authorization = request.headers.get(b"authorization")
        cached_claims = self.authentication.remembered(authorization)
        if cached_claims is not None:
            return cached_claims
        try:
            return await self.authentication.claims(authorization, request.trace_id)
        except Problem:
            # A refused token has no subject to count, so that guessing is limited by address.
            self._count(request, _address_of(request))
            raise

    def _count(self, request: Request, name: str) -> None:
        """Count the request for its caller, and add headers with what is left."""
        try:
            self.rates.spend(name)
        finally:
            request.answer_headers = request.answer_headers + self.rates.headers(name)

    def _open_body(self, request: Request, traffic: Traffic) -> Body:
        settings = self.settings
        if traffic is Traffic.CALL:
            return request.open_body(settings.max_body_bytes, settings.body_seconds)
        is_stream = traffic is Traffic.STREAM
        seconds = settings.stream_seconds if is_stream else settings.transfer_seconds
        # Only the route shows that it may take longer than a call, whose deadline it
        # had until here.
        self.watch.move(request, asyncio.get_running_loop().time() + seconds)
        return request.open_body(settings.max_upload_bytes, settings.body_seconds)

    async def _share(
        self, request: Request, route: Route, claims: Claims, body: Body
    ) -> None:
        key = key_of(request.target, request.headers, claims)
        # The service's answer is for all who wait: each ETag is compared with it here.
        if_none_match = request.headers.pop(b"if-none-match", None)
        ask = functools.partial(fetch, request, self.upstreams[route.upstream], body)
        answer = answer_for(if_none_match, await self.shared.read(key, ask))
        await request.answer(answer.status, answer.headers, answer.body)


def _address_of(request: Request) -> str:
    """The key by which requests of an address are counted."""
    return "address:" + request.client.decode()


async def refuse(request: Request, problem: Problem) -> None:
    """Answer with a problem. An answer that has begun is left without its end instead."""
    if not request.status:
        # For HEAD the body is not sent, but its length is (RFC 9110, 9.3.2).
        headers, body = refusal(request, problem)
        await request.answer(
            problem.status, headers, body if request.method != "HEAD" else b""
        )


def refusal(request: Request, problem: Problem) -> tuple[Headers, bytes]:
    """Headers and body of the answer with a problem."""
    headers, body = refusal_of(
        problem,
        accept_language=request.headers.get(b"accept-language", b"").decode("latin-1"),
        trace_id=request.trace_id,
        path=request.path.decode() if request.is_well_addressed else "/",
    )
    headers.append((b"content-length", b"%d" % len(body)))
    if isinstance(problem, MethodNotAllowed):
        is_ours = request.route_name in {"page", "views"}
        methods = READ_ONLY if is_ours else METHODS
        headers.append((b"allow", ", ".join(sorted(methods)).encode()))
    if not request.has_arrived:
        headers.append(CLOSING)
    return headers, body
