"""Register files into tables: uploaded in parts, parsed in a process of its own, staged by COPY, merged at once.

Good rows are taken and bad rows reported by line, unless the whole file is broken; then nothing is taken. The file, its
effect and the job's end are one transaction, so a second run of the same file changes nothing and a killed one left nothing.
"""

import asyncio
import hashlib
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import select, text
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import ClientDisconnect, Request

from services.chassis import idempotency
from services.chassis.database import Database, asyncpg_connection
from services.chassis.files import Order, RowRule
from services.chassis.identity import Caller
from services.chassis.jobs import JOB_FILES, Job, JobRun, Outcome, accepted, enqueue
from services.chassis.logs import logger
from services.chassis.problems import (
    ContentTooLarge,
    FieldError,
    Internal,
    Overloaded,
    Problem,
    RequestTimeout,
    UnsupportedMediaType,
    ValidationFailed,
)
from services.chassis.refusals import add_words
from services.chassis.routes import Answer

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = {"text/csv": "csv", XLSX: "xlsx", "application/x-ndjson": "ndjson"}
PART_BYTES = 1_048_576
SECONDS_PER_PART = 30
UPLOADS_AT_ONCE = 4
MOST_ROW_PROBLEMS = 10_000
PARSER_SECONDS = 300
PARSER_BYTES = 1_610_612_736
_ZIP = b"PK\x03\x04"
_NOT_TEXT = (_ZIP, b"%PDF", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
_PART = "INSERT INTO job_files (job_id, part, content) VALUES ($1, $2, $3)"
_SIZE = "SELECT count(*), coalesce(sum(octet_length(content)), 0) FROM job_files WHERE job_id = $1"
_REJECTED = "SELECT DISTINCT line, pointer, code FROM staging_problems ORDER BY line"

log = logger("imports")
add_words(
    {
        "wrong_encoding": ("is not in the documented encoding", "nie ma udokumentowanego kodowania"),
        "header_missing": ("lacks a required column", "nie ma wymaganej kolumny"),
        "header_repeated": ("has a column twice", "ma tę samą kolumnę dwa razy"),
        "too_many_columns": ("has too many columns", "ma zbyt wiele kolumn"),
        "too_many_rows": ("has too many rows", "ma zbyt wiele wierszy"),
        "line_too_long": ("has a line that is too long", "ma zbyt długi wiersz"),
        "nul_character": ("holds a NUL character", "zawiera znak NUL"),
        "unbalanced_quotes": ("has quotes that do not match", "ma niedomknięte cudzysłowy"),
        "not_a_workbook": ("is not an XLSX workbook", "nie jest skoroszytem XLSX"),
        "unsafe_entry": ("holds an unsafe archive entry", "zawiera niebezpieczny element archiwum"),
        "active_content": ("holds macros, links, objects or a DTD", "zawiera makra, łącza, obiekty albo DTD"),
        "too_complex": ("needs more time or memory than allowed", "wymaga więcej czasu lub pamięci niż dozwolone"),
        "wrong_number_of_cells": ("has another number of cells than the header", "ma inną liczbę komórek niż nagłówek"),
        "malformed_json": ("is not a flat JSON object", "nie jest płaskim obiektem JSON"),
        "repeated_in_file": ("stands in the file more than once", "występuje w pliku więcej niż raz"),
    }
)


class FileRefused(Problem):
    """The file cannot be taken as a whole."""

    status, title_pl = 422, "Pliku nie można przyjąć w całości"


@dataclass(frozen=True)
class Merged:
    """What the merge of the staged rows came to."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True)
class Import:
    """One kind of file: how its rows are judged, how they are staged, and how they are merged.

    `staging` gives the columns of the temporary table `staging` (beside `line`) their SQL types, in the order of the
    rule's values. `fields` leads from the file's column names to the rule's fields. `key`: staging columns that make a
    row unique in a file. `merge` changes the tables by statements over `staging`, writes audit and events, and counts.
    """

    kind: str
    rule: RowRule
    staging: Mapping[str, str]
    merge: Callable[[AsyncSession, JobRun], Awaitable[Merged]]
    fields: Mapping[str, str] = field(default_factory=dict)
    required: Sequence[str] = ()
    key: Sequence[str] = ()
    encodings: Sequence[str] = ("utf-8",)
    most_rows: int = 500_000

    def job(self) -> Job:
        """The background work, to be given to create_app()."""
        return Job(self.kind, partial(_run, self))

    def order(self, format_: str, size: int, fields: Mapping[str, str] | None) -> Order:
        """What the parser is asked for."""
        columns = [*self.staging]
        return Order(
            format=format_,
            size=size,
            rule=f"{self.rule.__module__}:{self.rule.__qualname__}",
            fields=dict(fields or self.fields),
            required=[*self.required],
            key=[columns.index(name) for name in self.key],
            key_pointer=f"/{self.key[0]}" if self.key else "",
            encodings=[*self.encodings],
            most_rows=self.most_rows,
            seconds=PARSER_SECONDS,
            memory=PARSER_BYTES,
        )


async def receive(
    request: Request,
    session: AsyncSession,
    caller: Caller,
    kind: Import,
    *,
    dry_run: bool = False,
    parameters: Mapping[str, Any] | None = None,
) -> Answer:
    """Keep the request's body as the file of a new job, part by part as it comes, and answer 202.

    Everything is the session's transaction: an upload that is broken off leaves nothing. `parameters["fields"]` replaces
    the kind's own column names.
    """
    idempotency.key_of(request, required=True)
    format_ = FORMATS.get(request.headers.get("content-type", "").partition(";")[0].strip().lower())
    if format_ is None or "content-encoding" in request.headers:
        raise UnsupportedMediaType(accepted=[*FORMATS])
    limit: int = request.app.state.settings.max_upload_bytes
    if int(request.headers.get("content-length", "0")) > limit:
        raise ContentTooLarge(limit_bytes=limit)
    with _slot(request.app.state):
        asked = {**(parameters or {}), "format": format_, "dry_run": dry_run}
        job_id = await enqueue(session, caller, kind.kind, asked)
        connection = await asyncpg_connection(session)
        await connection.execute(f"SET LOCAL idle_in_transaction_session_timeout = '{2 * SECONDS_PER_PART}s'")
        digest = await _keep_parts(request, connection, job_id, format_, limit)
    idempotency.identify_body(session, digest)
    return await accepted(session, request, job_id)
