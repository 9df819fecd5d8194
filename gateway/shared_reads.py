"""Identical reads of reference data at the same time are one request to the service."""

import asyncio
from collections.abc import Awaitable, Callable

from gateway.proxy import Answer
from services.chassis.ground.problems import Problem
from services.chassis.trust.tokens import Claims

Key = tuple[object, ...]
DESCRIBES_A_BODY = frozenset({b"content-length", b"content-type", b"content-language"})


def key_of(target: bytes, headers: dict[bytes, bytes], claims: Claims) -> Key:
    """What an answer depends on: address, format, language, roles and scopes."""
    negotiated = tuple(
        headers.get(name) for name in (b"accept", b"accept-language", b"prefer")
    )
    # Everybody may read these today. Rights are in the key all the same: should a
    # service begin to filter by them, nobody gets an answer for another caller.
    return (target, *negotiated, frozenset(claims.roles), claims.scopes)


class SharedReads:
    """Reads under way. The first one is sent to the service; the others wait for its answer."""

    def __init__(self) -> None:
        self._pending: dict[Key, asyncio.Future[Answer | Problem | None]] = {}

    async def read(self, key: Key, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """The answer to the read of this key; `ask` sends it to the service.

        If the caller who sent it leaves before the answer, one of the others sends it again.
        """
        while (pending := self._pending.get(key)) is not None:
            # Shielded, because others wait for it too.
            answer = await asyncio.shield(pending)
            if isinstance(answer, Problem):
                raise answer
            if answer is not None:
                return answer
        return await self._ask(key, ask)

    async def _ask(self, key: Key, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        pending: asyncio.Future[Answer | Problem | None] = (
            asyncio.get_running_loop().create_future()
        )
        self._pending[key] = pending
        # None stays if the caller leaves: one of those who wait then asks again. A
        # Problem is a result, since asyncio logs an exception that nobody fetched.
        outcome: Answer | Problem | None = None
        try:
            outcome = await ask()
            return outcome
        except Problem as problem:
            outcome = problem
            raise
        finally:
            # First: a read that comes after the answer is a new one, and never stale.
            del self._pending[key]
            pending.set_result(outcome)


def answer_for(if_none_match: bytes | None, answer: Answer) -> Answer:
    """The shared answer for this caller: 304 if the caller has it already."""
    etag = next((value for name, value in answer.headers if name == b"etag"), b"")
    if answer.status != 200 or not etag or not has_etag(if_none_match, etag):
        return answer
    headers = [header for header in answer.headers if header[0] not in DESCRIBES_A_BODY]
    return Answer(304, headers, b"")


def has_etag(if_none_match: bytes | None, etag: bytes) -> bool:
    """Whether an If-None-Match header names this ETag.

    >>> has_etag(b'"a", W/"b"', b'"b"'), has_etag(b"*", b'"b"'), has_etag(None, b'"b"')
    (True, True, False)
    """
    if if_none_match is None:
        return False
    return if_none_match.strip() == b"*" or etag in {
        tag.strip().removeprefix(b"W/") for tag in if_none_match.split(b",")
    }
