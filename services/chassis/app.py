"""How every service starts and stops."""

import asyncio
import gc
import os
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from enum import StrEnum
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg
from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route as PlainRoute

from services.chassis.audit_log import audit_log
from services.chassis.audit_trail import audit_trail
from services.chassis.background.ending import ending_with_its_work
from services.chassis.background.job_figures import JOB_FIGURES
from services.chassis.background.job_routes import job_routes
from services.chassis.background.jobs import Job
from services.chassis.background.queue import JobRunner, delete_outdated
from services.chassis.background.rounds import Round, go_round
from services.chassis.background.sealing import keep_sealed
from services.chassis.data.database import Database, problem_of
from services.chassis.describing.catalogues import event_catalogue
from services.chassis.describing.documents import install_document
from services.chassis.fast.request_lines import RequestLines
from services.chassis.fast.short_way import ShortWay
from services.chassis.fast.warm_connections import WarmConnections
from services.chassis.following.dead_letters import dead_letter_routes
from services.chassis.following.figures import DEAD_LETTERS_WAITING
from services.chassis.following.followers import Follower
from services.chassis.following.following import follow
from services.chassis.ground.correlation import Correlation
from services.chassis.ground.logs import configure_logs
from services.chassis.ground.problems import catalogue
from services.chassis.ground.settings import ServiceSettings
from services.chassis.sending.figures import WEBHOOK_FIGURES
from services.chassis.sending.running import FORGETTING, send_webhooks
from services.chassis.servers.leading import CONNECTION_FAULTS
from services.chassis.serving.events import event_feed
from services.chassis.serving.feed_cursors import Feed
from services.chassis.serving.figures import EVENTS_UNNUMBERED, Figure
from services.chassis.serving.heads import HeadAsGet
from services.chassis.serving.leaving import Leaving, leaves, leaving_on_signals
from services.chassis.serving.metrics import serve_metrics
from services.chassis.serving.routes import SliceRouter, install_refusals
from services.chassis.telemetry.tracing import keep_traces, telemetry_config
from services.chassis.transfer.headings import COMMON_HEADINGS
from services.chassis.trust.callers import Grants, caller_of
from services.chassis.trust.issuers import MOST_CACHED_TOKENS, verifier_for
from services.chassis.webhooks.endpoints import webhook_routes
from services.chassis.wording.refusals import advice_on


class _Background(NamedTuple):
    """The work of a service besides answering: jobs, followers of events, rounds.

    Also the figures that it exports as metrics.
    """

    jobs: Sequence[Job]
    followers: Sequence[Follower]
    rounds: Sequence[Round]
    figures: Sequence[Figure]

    @classmethod
    def of(cls, work: Sequence[Job | Follower | Round | Figure]) -> "_Background":
        """Sort the work by kind."""
        return cls(
            [each for each in work if isinstance(each, Job)],
            [each for each in work if isinstance(each, Follower)],
            [each for each in work if isinstance(each, Round)],
            [each for each in work if isinstance(each, Figure)],
        )


def create_app(
    name: str,
    *,
    routers: Sequence[SliceRouter],
    grants: Grants,
    events: Feed,
    operate_jobs: StrEnum,
    read_audit: StrEnum,
    jobs: Sequence[Job | Follower | Round | Figure] = (),
    settings: Callable[[], ServiceSettings] = ServiceSettings,
    headings: Mapping[str, str] = COMMON_HEADINGS,
    connected: Callable[[Any], AbstractAsyncContextManager[None]] = nullcontext,
) -> FastAPI:
    """The application of a service: its slices and the chassis's, below `/v1/NAME`."""
    lines, work = RequestLines(name), _Background.of(jobs)
    app = _application(name, _lifespan(name, settings, work, lines))
    app.state.events = events
    # Cached for as many callers as tokens: a caller's grants are computed once.
    cached_caller_of = lru_cache(maxsize=MOST_CACHED_TOKENS)(
        partial(caller_of, grants=grants)
    )
    app.state.connected, app.state.caller_of = connected, cached_caller_of
    app.state.headings = {**COMMON_HEADINGS, **headings}
    app.state.figures = _measured(work)
    beside = [
        event_feed(name, events),
        webhook_routes(name, events, operate_jobs),
        job_routes(name, operate_jobs, work.jobs),
        audit_trail(name, read_audit),
        audit_log(name, read_audit),
    ]
    if work.followers:
        beside.append(dead_letter_routes(name, operate_jobs, work.followers))
    for slice_router in (*routers, *beside):
        slice_router.build(app, f"/v1/{name}")
    _add_documents(app, name, events, work.jobs)
    _add_layers(app, lines)
    return app


def _measured(work: _Background) -> list[Figure]:
    """The figures that a scrape reads from the database."""
    dead_letters = [DEAD_LETTERS_WAITING] if work.followers else []
    of_every_service = (*JOB_FIGURES, EVENTS_UNNUMBERED, *WEBHOOK_FIGURES)
    return [*of_every_service, *dead_letters, *work.figures]


def _add_documents(app: FastAPI, name: str, events: Feed, jobs: Sequence[Job]) -> None:
    """Add the service's API document, its refusals and its catalogue of events."""
    folder = Path(__file__).parents[1] / name
    catalogue = partial(event_catalogue, name, events, folder / "words.txt")
    app.router.routes += _plain_routes(catalogue)
    install_refusals(app)
    install_document(app, name, folder, [job.result for job in jobs])


def _plain_routes(events: Callable[[], dict[str, Any]]) -> list[PlainRoute]:
    """Routes beside the API: for probes, for monitoring, for the gateway."""

    async def asyncapi(_: Request) -> Response:
        # Built on request: most processes never serve it.
        return JSONResponse(events())

    return [
        PlainRoute("/asyncapi.json", asyncapi),
        PlainRoute("/livez", _livez),
        PlainRoute("/readyz", _readyz),
        PlainRoute("/metrics", serve_metrics),
        PlainRoute("/problems", _problems),
    ]


def _application(name: str, lifespan: Any) -> FastAPI:
    """FastAPI without its documentation pages, which the gateway serves."""
    return FastAPI(
        title=f"Splot {name}",
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        # A resource has one address: no second one redirects to it.
        redirect_slashes=False,
        telemetry=telemetry_config(name, os.environ),
    )


def _add_layers(app: FastAPI, lines: RequestLines) -> None:
    app.add_middleware(ShortWay, service=app)
    app.add_middleware(HeadAsGet)
    # Added last, it is outermost: no answer leaves without a trace and a log line.
    app.add_middleware(Correlation, problem_of=problem_of, lines=lines)


def _lifespan(
    name: str,
    settings_of: Callable[[], ServiceSettings],
    work: _Background,
    lines: RequestLines,
) -> Any:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, Leaving]]:
        settings = settings_of()
        configure_logs(settings.log_level, name)
        keep_traces()
        lines.start(settings.log_level, plain=settings.plain_ways)
        app.state.settings = settings
        ready = None if settings.plain_ways else WarmConnections
        app.state.database = Database(settings, name, ready)
        app.state.verifier = verifier_for(settings)
        runner = JobRunner(app.state.database, work.jobs)
        async with (
            app.state.connected(settings),
            ending_with_its_work(),
            asyncio.TaskGroup() as background,
        ):
            tasks = [*map(background.create_task, _watch_tasks(app))]
            if settings.run_jobs:
                tasks += map(background.create_task, _work_tasks(app, work))
            works = settings.run_jobs and bool(work.jobs)
            if works:
                tasks.append(background.create_task(runner.run()))
            # Loaded objects stay: the garbage collector need not scan them again.
            gc.freeze()
            yield {"leaving": leaving_on_signals(settings.leaving_seconds)}
            if works:
                await runner.stop()
            for task in tasks:
                task.cancel()
        await app.state.database.close()
        lines.write()

    return lifespan


def _watch_tasks(app: FastAPI) -> list[Coroutine[Any, Any, None]]:
    """Tasks of every process: the issuer's keys, and which database server leads."""
    state = app.state
    return [state.verifier.keep_fresh(), state.database.servers.watch()]


def _work_tasks(app: FastAPI, work: _Background) -> list[Coroutine[Any, Any, None]]:
    """Tasks that run until the process stops, independent of requests."""
    state = app.state
    rounds = (*work.rounds, FORGETTING)
    return [
        delete_outdated(state.database),
        keep_sealed(state.database, state.settings),
        follow(state.database, work.followers, state.settings),
        send_webhooks(state.database, state.settings, state.events, state.caller_of),
        *[go_round(state.database, each) for each in rounds],
    ]


# Alive without a database: restarting this process would not mend the outage.
async def _livez(_: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def _readyz(request: Request) -> Response:
    """Ready: the database answers and is migrated, the issuer's keys are known, and the
    process was not asked to end.
    """
    state = request.app.state
    # Probes come often: traffic is back as soon as the issuer is.
    if not state.verifier.ready:
        await state.verifier.refresh()
    can_answer = state.verifier.ready and await _database_is_ready(state.database)
    ready = can_answer and not leaves(request.scope.get("state", {}))
    return JSONResponse(
        {"status": "ok" if ready else "unavailable"}, 200 if ready else 503
    )


async def _database_is_ready(database: Database) -> bool:
    try:
        # A database that hangs is not ready either. Migrations create the table.
        async with asyncio.timeout(2), database.reading() as reading:
            await reading.fetch("SELECT FROM alembic_version")
    except (SQLAlchemyError, asyncpg.PostgresError, *CONNECTION_FAULTS):
        return False
    return True


async def _problems(_: Request) -> Response:
    """Every kind of refusal, for the pages behind `/problems/<slug>`."""
    return JSONResponse(
        [
            {
                "slug": kind.slug(),
                "status": kind.status,
                "title": {"en": kind.title("en"), "pl": kind.title("pl")},
                "advice": advice_on(kind.slug()),
            }
            for kind in sorted(set(catalogue()), key=lambda kind: kind.slug())
        ]
    )
