"""Stored files as answers: a browser saves them, and runs none."""

from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import count
from typing import Any

from fastapi import Request
from fastapi.responses import StreamingResponse
from starlette.responses import Response

from services.chassis.data.work import Reading
from services.chassis.file_kinds import EXTENSIONS, FileFacts
from services.chassis.trust.callers import Caller
from services.chassis.web.answers import Terms, tagged

_BINARY = {"schema": {"type": "string", "format": "binary"}}
# Files of other people may hold scripts: no browser is to run them.
HARMLESS = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "sandbox; default-src 'none'",
}
FILE_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind.value: _BINARY for kind in EXTENSIONS}}
}
"""The `responses=` of an endpoint that answers such a file."""
FindPart = Callable[[Reading, int], Awaitable[bytes | None]]
"""A part of the file by its number, None after the last."""


def file_answer(
    request: Request, caller: Caller, terms: Terms, file: FileFacts, find: FindPart
) -> Response:
    """The file, or 304 for a client that has it: its ETag is its checksum."""
    tag = f'"{file.sha256}"'
    # By the checksum: the record's own version says nothing of the bytes.
    answer = tagged(b"", tag, terms)
    if answer.status_code == 304:
        return answer
    name = f"{file.name}.{EXTENSIONS[file.media_type]}"
    headers = {
        "content-disposition": f'attachment; filename="{name}"',
        "content-length": str(file.size),
        "etag": tag,
        # The reader's browser may keep it and asks each time; shared caches may not.
        "cache-control": "private, no-cache",
        **HARMLESS,
    }
    parts = _parts(request, caller, find)
    return StreamingResponse(parts, media_type=file.media_type, headers=headers)


async def _parts(
    request: Request, caller: Caller, find: FindPart
) -> AsyncIterator[bytes]:
    """The file in parts; no connection is held while a slow client takes one."""
    # Until None: parts are numbered without a gap, and none is ever changed.
    for part in count():
        async with request.app.state.database.reading(caller) as reading:
            content = await find(reading, part)
        if content is None:
            return
        yield content
