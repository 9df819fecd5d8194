"""Small files as they arrive, read whole: their kind, their name, their size."""

import hashlib
from collections.abc import Collection
from email.message import EmailMessage
from typing import Any, NamedTuple

from starlette.requests import Request

from services.chassis.data.work import Change
from services.chassis.ground.bodies import require_length
from services.chassis.ground.problems import (
    ContentTooLarge,
    FieldError,
    UnsupportedMediaType,
    ValidationFailed,
)
from services.chassis.transfer.uploads import SECONDS_PER_PART, chunks
from services.chassis.web import idempotency

# The transaction waits for the client, longer than the service's role may.
_WAIT = f"SET LOCAL idle_in_transaction_session_timeout = '{2 * SECONDS_PER_PART}s'"


class SmallFile(NamedTuple):
    """A file that was sent: its declared media type and name, and its content."""

    media_type: str
    name: str | None
    content: bytes


def small_upload(kinds: Collection[str], description: str) -> dict[str, Any]:
    """The `openapi_extra=` of an endpoint that takes a file of these kinds."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    key = {"type": "string", "pattern": "^[!-~]{1,255}$"}
    name_header = {
        "name": "Content-Disposition",
        "in": "header",
        "required": False,
        "description": "the file's name, as RFC 6266 writes it",
        "example": "attachment; filename*=UTF-8''Orzeczenie%202026.pdf",
        "schema": {"type": "string", "maxLength": 1000},
    }
    return {
        "requestBody": {
            "required": True,
            "description": description,
            "content": dict.fromkeys(kinds, binary),
        },
        "parameters": [
            name_header,
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": True,
                "schema": key,
            },
        ],
    }


async def read_small_file(
    request: Request, change: Change, kinds: Collection[str], limit: int
) -> SmallFile:
    """The request's file; an incomplete, too large or unaccepted one leaves nothing."""
    idempotency.key_of(request, required=True)
    media_type = request.headers.get("content-type", "").partition(";")[0]
    media_type = media_type.strip().lower()
    # A compressed body may unpack without end: none is read.
    if media_type not in kinds or "content-encoding" in request.headers:
        raise UnsupportedMediaType(accepted=[*kinds])
    require_length(request.headers.get("content-length"), limit)
    name = _name_in(request.headers.get("content-disposition", ""))
    await (await change.driver()).execute(_WAIT)
    content = bytearray()
    async for chunk in chunks(request):
        content += chunk
        # A chunked body declares no length.
        if len(content) > limit:
            raise ContentTooLarge(limit_bytes=limit)
    if not content:
        raise ValidationFailed(FieldError("pointer", "", "missing"))
    # With kind and name: the same bytes under another name are another request.
    digest = hashlib.sha256(f"{media_type}\n{name}\n".encode() + content).digest()
    idempotency.identify_body(change, digest)
    return SmallFile(media_type, name, bytes(content))


def _name_in(disposition: str) -> str | None:
    """The file's name in a Content-Disposition header (RFC 6266)."""
    # The standard library reads both forms of a name, `filename*` as well.
    message = EmailMessage()
    message["content-disposition"] = disposition
    return message.get_filename()
