"""A job's progress as server-sent events."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from services.chassis.background.job_queries import job_of
from services.chassis.background.jobs import ENDED
from services.chassis.data.work import Rows
from services.chassis.ground.problems import (
    NotFound,
)
from services.chassis.ground.responses import problems
from services.chassis.ground.scalars import Id
from services.chassis.trust.callers import Caller
from services.chassis.trust.identity import AnyCaller

SECONDS_BETWEEN_LOOKS = 0.5
# Proxies close a connection on which nothing is sent.
SECONDS_BETWEEN_SIGNS = 15
# A client goes on by Last-Event-ID; a forgotten one does not hold its task for ever.
LONGEST_WATCH = 600
EVENTS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}
}


async def _changes(
    request: Request, visible_jobs: Rows, job_id: UUID, last_version: int
) -> AsyncIterator[bytes]:
    """Server-sent events: the job each time it has changed, until it ends."""
    until, sent_at = time.monotonic() + LONGEST_WATCH, time.monotonic()
    while time.monotonic() < until:
        # Taken for each look: a watch of minutes must not hold one of few connections.
        async with request.app.state.database.reading() as reading:
            row = await job_of(reading, request, visible_jobs, job_id)
        if row.version != last_version:
            last_version, sent_at = row.version, time.monotonic()
            yield f"id: {last_version}\nevent: job\ndata: {row.body}\n\n".encode()
        elif time.monotonic() - sent_at > SECONDS_BETWEEN_SIGNS:
            sent_at = time.monotonic()
            yield b": nothing new\n\n"
        if row.state in ENDED:
            return
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


def add_watching(
    service: str, routes: APIRouter, seen_by: Callable[[Caller], Rows]
) -> None:
    @routes.get(
        "/{job_id}/events",
        name=f"watch_{service}_job",
        responses=EVENTS | problems(NotFound),
    )
    async def watch_job(
        request: Request,
        caller: AnyCaller,
        job_id: Id,
        last_event_id: Annotated[
            str,
            Header(pattern="^[0-9]{0,9}$", description="the last change that was seen"),
        ] = "",
    ) -> Response:
        """The job's progress as server-sent events, until it ends. 204 when there is nothing more to come."""
        last_version, visible_jobs = int(last_event_id or 0), seen_by(caller)
        async with request.app.state.database.reading() as reading:
            row = await job_of(reading, request, visible_jobs, job_id)
        if row.state in ENDED and row.version == last_version:
            # An EventSource does not connect again after 204 (HTML standard, 9.2).
            return Response(status_code=204)
        changes = _changes(request, visible_jobs, job_id, last_version)
        return StreamingResponse(
            changes,
            media_type="text/event-stream",
            headers={"cache-control": "no-store"},
        )
