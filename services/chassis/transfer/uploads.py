"""Files as they arrive: checked for their form, and stored in parts for the job."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any
from uuid import UUID

import asyncpg
from fastapi import Query
from starlette.requests import ClientDisconnect, Request

from services.chassis.background.job_routes import accepted
from services.chassis.background.jobs import enqueue
from services.chassis.data.work import Change
from services.chassis.ground.bodies import require_length
from services.chassis.ground.problems import (
    ContentTooLarge,
    FieldError,
    IdempotencyKeyReused,
    MissingIdempotencyKey,
    Overloaded,
    RequestInProgress,
    RequestTimeout,
    UnsupportedMediaType,
    ValidationFailed,
)
from services.chassis.ground.scalars import QueryFlag
from services.chassis.transfer.imports import Import
from services.chassis.trust.callers import Caller
from services.chassis.web import idempotency
from services.chassis.web.answers import Answer

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = {"text/csv": "csv", XLSX: "xlsx", "application/x-ndjson": "ndjson"}
DryRun = Annotated[
    QueryFlag, Query(description="write nothing, report what would be done")
]
PART_BYTES = 1_048_576
SECONDS_PER_PART = 30
# Each upload holds a connection and a transaction for as long as its client sends.
UPLOADS_AT_ONCE = 4
_ZIP = b"PK\x03\x04"
# The first bytes of files that are sent as text by mistake.
_NOT_TEXT = (
    _ZIP,
    b"%PDF",
    b"\xd0\xcf\x11\xe0",
    b"\x1f\x8b",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
)
_PART = "INSERT INTO job_files (job_id, part, content) VALUES ($1, $2, $3)"


def upload(example: str) -> dict[str, Any]:
    """The `openapi_extra=` of an endpoint that takes a file, with an example in CSV."""
    content: dict[str, Any] = {
        kind: {"schema": {"type": "string", "format": "binary"}} for kind in FORMATS
    }
    content["text/csv"]["example"] = example
    description = "the file itself, at most 64 MiB unless set otherwise"
    key = {"type": "string", "pattern": "^[!-~]{1,255}$"}
    return {
        "requestBody": {
            "required": True,
            "description": description,
            "content": content,
        },
        "parameters": [
            {"name": "Idempotency-Key", "in": "header", "required": True, "schema": key}
        ],
    }


UPLOAD_REFUSALS = (
    MissingIdempotencyKey,
    IdempotencyKeyReused,
    RequestInProgress,
    ContentTooLarge,
    UnsupportedMediaType,
)


@contextmanager
def slot(state: Any, name: str, most: int) -> Iterator[None]:
    """A place for a request that holds a connection for long; else Overloaded."""
    # No lock: nothing is awaited between reading and writing the number.
    number = getattr(state, name, 0)
    if number >= most:
        raise Overloaded(retry_after=5)
    setattr(state, name, number + 1)
    try:
        yield
    finally:
        setattr(state, name, getattr(state, name) - 1)


async def keep_parts(
    request: Request,
    connection: "asyncpg.Connection[asyncpg.Record]",
    job_id: UUID,
    format_: str,
    limit: int,
) -> bytes:
    """Store the body in parts; returns its digest."""
    digest, part, number, size = hashlib.sha256(), bytearray(), 0, 0
    async for chunk in chunks(request):
        if not size and (
            not chunk.startswith(_ZIP)
            if format_ == "xlsx"
            else chunk.startswith(_NOT_TEXT)
        ):
            raise UnsupportedMediaType(accepted=[*FORMATS])
        size += len(chunk)
        if size > limit:
            raise ContentTooLarge(limit_bytes=limit)
        digest.update(chunk)
        part += chunk
        if len(part) >= PART_BYTES:
            await connection.execute(_PART, job_id, number, bytes(part))
            part, number = bytearray(), number + 1
    if not size:
        raise ValidationFailed(FieldError("pointer", "", "missing"))
    await connection.execute(_PART, job_id, number, bytes(part))
    return digest.digest()


async def chunks(request: Request) -> AsyncIterator[bytes]:
    """The chunks of the body; RequestTimeout when it stalls or breaks off."""
    stream = request.stream()
    try:
        while True:
            async with asyncio.timeout(SECONDS_PER_PART):
                chunk = await anext(stream, None)
            if chunk is None:
                return
            if chunk:
                yield chunk
    except (TimeoutError, ClientDisconnect):
        raise RequestTimeout() from None


async def receive(
    request: Request,
    change: Change,
    caller: Caller,
    kind: Import,
    *,
    dry_run: bool = False,
    parameters: Mapping[str, Any] | None = None,
) -> Answer:
    """Store the request's body as the file of a new job and answer 202.

    All in the change's transaction: an upload that breaks off leaves nothing.
    `parameters["fields"]` replaces the kind's own column names.
    """
    idempotency.key_of(request, required=True)
    format_ = FORMATS.get(
        request.headers.get("content-type", "").partition(";")[0].strip().lower()
    )
    if format_ is None or "content-encoding" in request.headers:
        raise UnsupportedMediaType(accepted=[*FORMATS])
    limit: int = request.app.state.settings.max_upload_bytes
    require_length(request.headers.get("content-length"), limit)
    with slot(request.app.state, "uploads", UPLOADS_AT_ONCE):
        job_parameters = {**(parameters or {}), "format": format_, "dry_run": dry_run}
        job_id = await enqueue(change, caller, kind.kind, job_parameters)
        connection = await change.driver()
        await connection.execute(
            # The transaction waits for the client, longer than its role may.
            f"SET LOCAL idle_in_transaction_session_timeout = '{2 * SECONDS_PER_PART}s'"
        )
        digest = await keep_parts(request, connection, job_id, format_, limit)
    idempotency.identify_body(change, digest)
    return await accepted(change, request, job_id)
