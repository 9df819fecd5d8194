"""The gateway as an ASGI application, built from its settings when it starts."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, MutableMapping
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from prometheus_client import (
    GC_COLLECTOR,
    PLATFORM_COLLECTOR,
    PROCESS_COLLECTOR,
    CollectorRegistry,
)
from pydantic import ValidationError

from gateway.authentication import Authentication
from gateway.cors import Cors
from gateway.discovery import Discovery, has_name, keep_trusting
from gateway.entrance import Entrance
from gateway.headers import TRANSPORT_SECURITY, WRITTEN_ON_ANSWERS
from gateway.health import Health
from gateway.hosts import Addresses, Hosts
from gateway.journal import Journal
from gateway.limits import CallerRates, Room
from gateway.pages import Pages
from gateway.publications import Publications
from gateway.requests import Receive, Request, Scope, Send
from gateway.routes import RoutingTable
from gateway.saturation import Saturation
from gateway.scraping import serve_figures
from gateway.settings import GatewaySettings
from gateway.shared_reads import SharedReads
from gateway.upstreams import Upstream
from gateway.views.answering import Views
from gateway.views.asking import Surroundings
from gateway.views.borders import Borders
from gateway.views.map_drawing import stop_drawing
from gateway.views.references import References
from gateway.views.table import VIEWS
from gateway.watch import Watch
from services.chassis.fast.request_lines import RequestLines
from services.chassis.ground.logs import configure_logs, logger
from services.chassis.serving.leaving import leaving_on_signals
from services.chassis.telemetry.traces import (
    is_collector_named,
    keep,
    set_defaults,
)
from services.chassis.trust.issuers import TokenVerifier, verifier_for

if TYPE_CHECKING:
    from services.chassis.telemetry.spans import Spans

SECONDS_TO_LOOK_AROUND = 2

log = logger("gateway")


class Gateway:
    """The application. `entrance` exists between startup and shutdown only."""

    def __init__(
        self,
        settings: Callable[[], GatewaySettings] = GatewaySettings,
        verifier: Callable[[GatewaySettings], TokenVerifier] = verifier_for,
    ) -> None:
        # Read at startup, not on import: tools and tests import this module without
        # the environment.
        self._settings_of = settings
        self._verifier_of = verifier
        self.entrance: Entrance
        self._spans: Spans | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "http":
            await self.entrance.serve(Request(scope, receive, send))
        elif scope["type"] == "lifespan":
            await self._run_lifespan(scope, receive, send)
        else:
            # No service speaks WebSocket: refused at once, not left waiting.
            await send({"type": "websocket.close", "code": 1008})

    async def _run_lifespan(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        try:
            settings = self._settings_of()
            configure_logs(settings.log_level, "gateway")
            self._spans = _start_traces(os.environ)
            verifier = self._verifier_of(settings)
            self.entrance = build_entrance(settings, verifier)
            figures = await _serve_figures(settings, self.entrance)
        except (ValidationError, OSError) as error:
            message = f"The settings are refused. {_reason(error)}"
            await send({"type": "lifespan.startup.failed", "message": message})
            return
        async with self._background_work(settings, verifier):
            leaving = leaving_on_signals(settings.leaving_seconds, self.entrance.stop)
            scope.setdefault("state", {})["leaving"] = leaving
            await send({"type": "lifespan.startup.complete"})
            await receive()
            if figures:
                figures.close()
        # Last: requests that ended while the server drained have lines in it, too.
        self.entrance.journal.write()
        if self._spans is not None:
            keep(None)
            await self._spans.close()
        await send({"type": "lifespan.shutdown.complete"})

    @asynccontextmanager
    async def _background_work(
        self, settings: GatewaySettings, verifier: TokenVerifier
    ) -> AsyncIterator[None]:
        """Tasks beside requests, within the block."""
        # Not awaited: without its issuer the gateway starts, and is not ready.
        fetching = asyncio.create_task(verifier.keep_fresh())
        for upstream in self.entrance.upstreams.values():
            upstream.start()
        discovery = _discovery(settings, self.entrance.upstreams)
        await _look_around(discovery, verifier)
        discovery.start()
        trusting = asyncio.create_task(
            keep_trusting(self.entrance.addresses, settings.trusted_proxies)
        )
        self.entrance.watch.start()
        yield
        fetching.cancel()
        trusting.cancel()
        await discovery.stop()
        for upstream in self.entrance.upstreams.values():
            await upstream.stop()
        self.entrance.watch.stop()
        await stop_drawing()


def _start_traces(environment: MutableMapping[str, str]) -> "Spans | None":
    """Record traces, if the environment names a collector; else load nothing."""
    if not is_collector_named(environment):
        return None
    set_defaults("gateway", environment)
    from services.chassis.telemetry.spans import exporting  # noqa: PLC0415

    maker = exporting()
    keep(maker)
    return maker


def _reason(error: ValidationError | OSError) -> str:
    """The wrong settings, and what is wrong with each."""
    if isinstance(error, OSError):
        return f"metrics_address: {error.strerror}"
    # Never the values: one of them may be a secret.
    return "; ".join(
        f"{'.'.join(map(str, details['loc']))}: {details['msg']}"
        for details in error.errors()
    )


async def _serve_figures(
    settings: GatewaySettings, entrance: Entrance
) -> asyncio.Server | None:
    """The server of the metrics for Prometheus; None without an address for it."""
    if settings.metrics_address is None:
        return None
    registry = CollectorRegistry()
    ours = entrance.journal, Saturation(entrance.room, entrance.upstreams)
    for collector in (*ours, PROCESS_COLLECTOR, PLATFORM_COLLECTOR, GC_COLLECTOR):
        registry.register(collector)
    return await serve_figures(settings.metrics_address, registry)


def _views(
    settings: GatewaySettings, services: dict[str, Upstream], shared: SharedReads
) -> Views:
    references = References(shared, time.monotonic)
    borders = Borders(settings.borders_file)
    around = Surroundings(services, references, borders, settings.view_seconds)
    return Views(VIEWS, around)


def _discovery(settings: GatewaySettings, upstreams: dict[str, Upstream]) -> Discovery:
    return Discovery(upstreams, settings.every_upstream(), time.monotonic)


async def _look_around(discovery: Discovery, verifier: TokenVerifier) -> None:
    """Find replicas and keys before the first caller, if they come soon."""
    with suppress(TimeoutError):
        async with asyncio.timeout(SECONDS_TO_LOOK_AROUND):
            await asyncio.gather(discovery.find_all(), verifier.refresh())


def build_entrance(settings: GatewaySettings, verifier: TokenVerifier) -> Entrance:
    """Build the entrance and all its parts."""
    clock = time.monotonic
    upstreams = {
        name: Upstream(name, [each for each in addresses if not has_name(each)], clock)
        for name, addresses in settings.every_upstream().items()
    }
    services = {name: upstreams[name] for name in settings.upstreams()}
    issuer = "/issuer" if settings.issuer_upstream else ""
    authentication, lines = Authentication(verifier), RequestLines("gateway")
    lines.start(settings.log_level, plain=settings.plain_ways)
    journal = Journal(lines)
    health = Health(list(services.values()), authentication, clock)
    publications = Publications(services, clock)
    shared = SharedReads()
    always = [*WRITTEN_ON_ANSWERS]
    if settings.environment == "production":
        always.append(TRANSPORT_SECURITY)
    return Entrance(
        settings=settings,
        table=RoutingTable(set(upstreams)),
        upstreams=upstreams,
        authentication=authentication,
        hosts=Hosts(settings.allowed_hosts),
        addresses=Addresses(settings.trusted_proxies),
        cors=Cors(settings.cors_origins),
        room=Room(settings.max_requests, settings.max_streams),
        rates=CallerRates(settings.caller_rate(), clock),
        shared=shared,
        views=_views(settings, services, shared),
        pages=Pages(list(services), publications, health, issuer),
        health=health,
        journal=journal,
        watch=Watch(),
        always=always,
    )


app = Gateway()
