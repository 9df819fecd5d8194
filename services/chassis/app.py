"""How every service starts and stops."""

import asyncio
import gc
import os
from collections.abc import AsyncIterator, Callable, Container, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from enum import StrEnum
from functools import lru_cache, partial
from typing import Any

import asyncpg
from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route as PlainRoute

from services.chassis.audit_trail import audit_trail
from services.chassis.callers import Grants, caller_of
from services.chassis.connections import CONNECTION_FAULTS
from services.chassis.correlation import Correlation
from services.chassis.database import Database, problem_of
from services.chassis.events import Feed, event_feed
from services.chassis.issuers import MOST_CACHED_TOKENS, verifier_for
from services.chassis.jobs import Job, job_routes
from services.chassis.logs import RequestLines, configure_logs
from services.chassis.problems import (
    ContentTooLarge,
    Duplicate,
    Forbidden,
    IdempotencyKeyReused,
    Internal,
    MalformedJson,
    MalformedRequest,
    MissingIdempotencyKey,
    NotFound,
    Overloaded,
    RequestInProgress,
    RequestTimeout,
    Unauthenticated,
    UnsupportedMediaType,
    UpstreamTimeout,
    ValidationFailed,
    catalogue,
    problems,
)
from services.chassis.queue import JobRunner
from services.chassis.refusals import PROBLEM_SCHEMA
from services.chassis.routes import conditional_reads, install_refusals
from services.chassis.settings import ServiceSettings
from services.chassis.short_way import HeadAsGet, ShortWay
from services.chassis.telemetry import (
    keep_queries_out_of_traces,
    serve_metrics,
    telemetry_config,
)


def create_app(
    name: str,
    *,
    routers: Sequence[APIRouter],
    grants: Grants,
    events: Feed,
    operate_jobs: StrEnum,
    read_audit: StrEnum,
    jobs: Sequence[Job] = (),
    settings: Callable[[], ServiceSettings] = ServiceSettings,
    connected: Callable[[Any], AbstractAsyncContextManager[None]] = nullcontext,
) -> FastAPI:
    """The application of a service: its slices under `/v1/<name>`, and what the chassis adds beside them."""
    lines = RequestLines(name)
    app = FastAPI(
        title=f"Splot {name}",
        version="1",
        lifespan=_lifespan(name, settings, jobs, lines),
        generate_unique_id_function=operation_id,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        redirect_slashes=False,
        telemetry=telemetry_config(os.environ),
    )
    remembered = lru_cache(maxsize=MOST_CACHED_TOKENS)(
        partial(caller_of, grants=grants)
    )
    app.state.connected, app.state.caller_of = connected, remembered
    beside = (
        event_feed(name, events),
        job_routes(name, operate_jobs, jobs),
        audit_trail(name, read_audit),
    )
    for slice_router in (*routers, *beside):
        app.include_router(slice_router, prefix=f"/v1/{name}")
    app.router.routes += [
        PlainRoute("/livez", _livez),
        PlainRoute("/readyz", _readyz),
        PlainRoute("/metrics", serve_metrics),
        PlainRoute("/problems", _problems),
    ]
    install_refusals(app)
    install_document(app)
    _add_layers(app, lines)
    return app


def _add_layers(app: FastAPI, lines: RequestLines) -> None:
    app.add_middleware(ShortWay, service=app)
    app.add_middleware(HeadAsGet)
    app.add_middleware(Correlation, problem_of=problem_of, lines=lines)


def operation_id(route: APIRoute) -> str:
    """The endpoint's own name: a domain verb phrase, unique in the repository."""
    return route.name


def _lifespan(
    name: str,
    settings_of: Callable[[], ServiceSettings],
    jobs: Sequence[Job],
    lines: RequestLines,
) -> Any:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        settings = settings_of()
        configure_logs(settings.log_level, name)
        keep_queries_out_of_traces()
        lines.start(settings.log_level)
        app.state.settings = settings
        app.state.database = Database(settings, name)
        app.state.verifier = verifier_for(settings)
        runner = JobRunner(app.state.database, jobs)
        async with app.state.connected(settings), asyncio.TaskGroup() as background:
            fetching = background.create_task(app.state.verifier.keep_fresh())
            running = (
                background.create_task(runner.run())
                if settings.run_jobs and jobs
                else None
            )
            gc.freeze()  # what was loaded by now stays: no need to look through it again and again
            yield
            fetching.cancel()
            if running is not None:
                await runner.stop()
                running.cancel()
        await app.state.database.close()
        lines.write()

    return lifespan


async def _livez(_: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def _readyz(request: Request) -> Response:
    """Ready: the database answers and is migrated, and the issuer's keys are known."""
    state = request.app.state
    if not state.verifier.ready:
        await state.verifier.refresh()
    ready = state.verifier.ready and await _database_is_ready(state.database)
    return JSONResponse(
        {"status": "ok" if ready else "unavailable"}, 200 if ready else 503
    )


async def _database_is_ready(database: Database) -> bool:
    try:
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
            }
            for kind in sorted(set(catalogue()), key=lambda kind: kind.slug())
        ]
    )


SECURITY = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "Access token (RFC 9068) of the platform's identity provider, valid for at most 15 minutes.",
    }
}


def install_document(app: FastAPI) -> None:
    """Let `/openapi.json` carry the problem schema, the security scheme and corrected answers."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _corrected(
                get_openapi(
                    title=app.title,
                    version=app.version,
                    routes=app.routes,
                    description=app.description,
                ),
                conditional_reads(app),
            )
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _corrected(schema: dict[str, Any], conditional: Container[str]) -> dict[str, Any]:
    components = schema.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for replaced in ("HTTPValidationError", "ValidationError"):
        schemas.pop(replaced, None)
    schemas["Problem"] = PROBLEM_SCHEMA
    components["securitySchemes"] = SECURITY
    schema["security"] = [{"bearer": []}]
    for path in schema["paths"].values():
        for method, operation in path.items():
            if operation["operationId"] in conditional:
                _document_condition(operation)
            _document_refusals(method, operation)
            _correct_answers(operation["responses"])
    return schema


REFUSALS = (
    MalformedRequest,
    Unauthenticated,
    Forbidden,
    NotFound,
    ValidationFailed,
    Internal,
    Overloaded,
    UpstreamTimeout,
)
BODY_REFUSALS = (MalformedJson, ContentTooLarge, UnsupportedMediaType)
FILE_REFUSALS = (RequestTimeout, ContentTooLarge, UnsupportedMediaType)
KEY_REFUSALS = (MissingIdempotencyKey, RequestInProgress, IdempotencyKeyReused)
KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "a repeated request with the same key has no further effect; service accounts and imports need one",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
}


def _document_refusals(method: str, operation: dict[str, Any]) -> None:
    """Say of every operation what the chassis itself may answer, beside what the endpoint says."""
    kinds = [*REFUSALS]
    if "requestBody" in operation:
        kinds += (
            BODY_REFUSALS
            if "application/json" in operation["requestBody"]["content"]
            else FILE_REFUSALS
        )
    if method in {"patch", "put"}:
        kinds.append(Duplicate)
    if method == "post":
        kinds += KEY_REFUSALS
        parameters = operation.setdefault("parameters", [])
        if all(parameter["name"] != KEY_HEADER["name"] for parameter in parameters):
            parameters.append(KEY_HEADER)
    responses = operation["responses"]
    for kind in kinds:
        [(status, answer)] = problems(kind).items()
        known = responses.setdefault(str(status), answer)
        known.setdefault("content", {}).update(answer["content"])
        if f"/problems/{kind.slug()}`" not in known["description"]:
            known["description"] += f" {answer['description']}"
    operation["responses"] = dict(sorted(responses.items()))


def _document_condition(operation: dict[str, Any]) -> None:
    """Say that a read answers 304, unless it is a list or a file, which have no version."""
    parameters = operation.get("parameters", [])
    schema = (
        operation["responses"]["200"]
        .get("content", {})
        .get("application/json", {})
        .get("schema", {})
    )
    if "/Page_" in schema.get("$ref", "") or any(
        parameter["name"] == "format" for parameter in parameters
    ):
        return
    operation["responses"]["304"] = {
        "description": "The ETag in `If-None-Match` is still that of the current version."
    }


def _correct_answers(responses: dict[str, Any]) -> None:
    """FastAPI adds an empty JSON schema to an answer that is documented by another media type; take it away."""
    for status, answer in responses.items():
        content = answer.get("content", {})
        if len(content) > 1 and content.get("application/json") in ({}, {"schema": {}}):
            del content["application/json"]
        if status >= "400" or status == "default":
            content.pop("application/json", None)
