"""Identical reads of reference data that come at the same time become one question to the service."""

import asyncio
from collections.abc import Awaitable, Callable

from gateway.proxy import Answer
from services.chassis.problems import Problem
from services.chassis.tokens import Claims

Key = tuple[object, ...]
DESCRIBES_A_BODY = frozenset({b"content-length", b"content-type", b"content-language"})


def key_of(target: bytes, headers: dict[bytes, bytes], claims: Claims) -> Key:
    """What the answer depends on: address, format, language, and what the caller may do by role and scope."""
    chosen = tuple(
        headers.get(name) for name in (b"accept", b"accept-language", b"prefer")
    )
    return (target, *chosen, frozenset(claims.roles), claims.scopes)


class SharedReads:
    """The questions under way. Whoever asks first asks the service; the others wait for the same answer."""

    def __init__(self) -> None:
        self._under_way: dict[Key, asyncio.Future[Answer | Problem | None]] = {}

    async def read(self, key: Key, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """The answer to this question. If the one who asked goes away unanswered, the next in line asks again."""
        while (asked := self._under_way.get(key)) is not None:
            answer = await asyncio.shield(asked)
            if isinstance(answer, Problem):
                raise answer
            if answer is not None:
                return answer
        return await self._ask(key, ask)

    async def _ask(self, key: Key, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        asked: asyncio.Future[Answer | Problem | None] = (
            asyncio.get_running_loop().create_future()
        )
        self._under_way[key] = asked
        outcome: Answer | Problem | None = None
        try:
            outcome = await ask()
            return outcome
        except Problem as problem:
            outcome = problem
            raise
        finally:
            del self._under_way[key]
            asked.set_result(outcome)


def answer_for(held: bytes | None, answer: Answer) -> Answer:
    """The shared answer as this reader gets it: 304 when its ETag is among those `held` (If-None-Match)."""
    etag = next((value for name, value in answer.headers if name == b"etag"), b"")
    if answer.status != 200 or not etag or not has_etag(held, etag):
        return answer
    return Answer(
        304, [pair for pair in answer.headers if pair[0] not in DESCRIBES_A_BODY], b""
    )


def has_etag(held: bytes | None, etag: bytes) -> bool:
    """Whether an If-None-Match header names this ETag.

    >>> has_etag(b'"a", W/"b"', b'"b"'), has_etag(b"*", b'"b"'), has_etag(None, b'"b"')
    (True, True, False)
    """
    if held is None:
        return False
    return held.strip() == b"*" or etag in {
        tag.strip().removeprefix(b"W/") for tag in held.split(b",")
    }
