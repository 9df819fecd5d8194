"""A POST that is sent twice has one effect: its answer is kept with it, and sent again.

A key belongs to a caller for KEPT_FOR; the same key with another request is refused.
While the first request is still running, a second one is refused instead of waiting.
"""

import hashlib
import re
from datetime import timedelta
from typing import Protocol

from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.data.effects import place_of_answer
from services.chassis.data.kept_answers import FORGOTTEN
from services.chassis.data.work import Change
from services.chassis.ground.problems import (
    FieldError,
    IdempotencyKeyReused,
    MalformedRequest,
    MissingIdempotencyKey,
    RequestInProgress,
)
from services.chassis.trust.vault import Erased

# Longer than clients retry, and no longer: answers may hold personal data.
KEPT_FOR = timedelta(days=7)
_KEY = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)
# Other headers belong to the moment: date, trace, connection.
_KEPT_HEADERS = {"content-type", "etag", "location", "content-language"}

# Lock and read in one round trip, as every POST pays for it.
_CLAIM = """
SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS is_free, fingerprint, status, headers, body
FROM (VALUES (1)) AS one LEFT JOIN idempotency_keys ON subject = $2 AND key = $3
"""
_DELETE = text(
    "DELETE FROM idempotency_keys WHERE created_at < now() - CAST(:kept AS interval)"
)


class KeptAnswers(Protocol):
    """How the bodies of kept answers are stored in the database."""

    def seal(self, body: bytes, place: str) -> bytes:
        """The body in its stored form."""

    def unseal(self, body: bytes, place: str) -> bytes:
        """The body of an answer from its stored form."""


class PlainAnswers:
    """Stores answers as they are: for a service whose answers its database may read."""

    def seal(self, body: bytes, place: str) -> bytes:  # noqa: ARG002
        """The body."""
        return body

    def unseal(self, body: bytes, place: str) -> bytes:  # noqa: ARG002
        """The body."""
        return body


class Replay(Exception):
    """This request was carried out before; `answer` is the answer of that time."""

    def __init__(self, status: int, headers: list[list[str]], body: bytes) -> None:
        self.answer = Response(
            body, status, dict(headers) | {"Idempotency-Replayed": "true"}
        )
        super().__init__()


def key_of(request: Request, *, required: bool = False) -> str | None:
    """The Idempotency-Key; MalformedRequest, or MissingIdempotencyKey if required."""
    keys = request.headers.getlist("idempotency-key")
    if not keys:
        if required:
            raise MissingIdempotencyKey()
        return None
    if len(keys) > 1 or not _KEY.fullmatch(keys[0]):
        raise MalformedRequest(FieldError("header", "Idempotency-Key", "wrong_format"))
    return keys[0]


async def demand_key(request: Request) -> None:
    """A dependency of endpoints that do much at once: they require the key."""
    request.scope["splot.bulk"] = True


async def claim(change: Change, request: Request) -> None:
    """Take the key, or raise Replay, RequestInProgress or IdempotencyKeyReused.

    A request whose statement begins before the first answer is committed, and takes the
    lock after that, sees no answer: the table's key then refuses its own answer, again
    as RequestInProgress, and its effect is rolled back.
    """
    # Other methods have one effect anyway, or by If-Match.
    if request.method != "POST":
        return
    caller = request.scope.get("splot.caller")
    # Programs retry by themselves: without a key a retry would be a second effect.
    service_account = bool(caller and caller.is_service_account)
    key = key_of(
        request, required=service_account or request.scope.get("splot.bulk", False)
    )
    if key is None or caller is None:
        return
    # With the caller: two of them may choose the same key.
    name = f"{caller.subject}\n{key}"
    [row] = await change.fetch(_CLAIM, name, caller.subject, key)
    if not row["is_free"]:
        raise RequestInProgress()
    change.effects.claim = {
        "answers": _kept_answers(request),
        "subject": caller.subject,
        "key": key,
        "row": row,
        "request": _line_of(request),
    }
    body = request.scope.get("splot.body")
    # A file's digest is known at its end: its reader calls `identify_body` then.
    if body is not None:
        identify_body(change, hashlib.sha256(body).digest())


def _kept_answers(request: Request) -> KeptAnswers:
    """The service's way of storing answers, else the endpoint's own."""
    of_endpoint: KeptAnswers = request.scope.get("splot.kept_answers", PlainAnswers())
    answers: KeptAnswers = getattr(request.app.state, "kept_answers", of_endpoint)
    return answers


def identify_body(change: Change, digest: bytes) -> None:
    """Set the body's digest; Replay or IdempotencyKeyReused for a used key."""
    entry = change.effects.claim
    if entry is None:
        return
    entry["fingerprint"] = hashlib.sha256(entry["request"] + digest).digest()
    row = entry["row"]
    if row["status"] is None:
        return
    # Address and body together: a key is for one request, not for one address.
    if row["fingerprint"] != entry["fingerprint"]:
        raise IdempotencyKeyReused()
    if row["status"] == FORGOTTEN:
        raise Erased()
    answers: KeptAnswers = entry["answers"]
    place = place_of_answer(entry["subject"], entry["key"])
    raise Replay(row["status"], row["headers"], answers.unseal(row["body"], place))


def keep_answer(change: Change, response: Response) -> None:
    """Have the answer stored together with the effect."""
    entry = change.effects.claim
    if entry is None or "fingerprint" not in entry:
        return
    change.effects.answer = {
        "subject": entry["subject"],
        "key": entry["key"],
        "fingerprint": entry["fingerprint"],
        "status": response.status_code,
        "headers": [
            [name, value]
            for name, value in response.headers.items()
            if name in _KEPT_HEADERS
        ],
        "body": entry["answers"].seal(
            bytes(response.body), place_of_answer(entry["subject"], entry["key"])
        ),
    }


async def delete_old_keys(change: Change) -> None:
    """Delete the answers that are no longer kept."""
    await change.execute(_DELETE, {"kept": KEPT_FOR})


def _line_of(request: Request) -> bytes:
    path, query = request.scope["path"], request.scope["query_string"].decode("latin-1")
    return f"{request.method} {path}?{query}\n".encode()
