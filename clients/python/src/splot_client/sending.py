"""One request, sent again where that can do no harm."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx

from splot_client.problems import Unreachable, problem_in, seconds_to_wait

# Refused before anything was done: trying again is safe for all.
REFUSED_AT_THE_DOOR = {429, 503}
LOST_ON_THE_WAY = {502, 504}


@dataclass(frozen=True)
class Patience:
    """How often a request is sent at most, and the longest that is waited between two tries, in seconds.

    When told to wait longer, the refusal is the answer.
    """

    tries: int = 4
    longest_wait: float = 30
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep


async def send(
    client: httpx.AsyncClient, request: httpx.Request, patience: Patience
) -> httpx.Response:
    """The answer with its body still to come; a refusal has been read.

    A POST keeps its Idempotency-Key, so it takes effect once however often it is sent.
    """
    attempt = 1
    while True:
        is_last = attempt >= patience.tries
        answer = await _tried(client, request, is_last=is_last)
        if answer is not None and (is_last or not _is_passing(answer, request)):
            return answer
        told = None if answer is None else seconds_to_wait(answer)
        wait = _growing(attempt) if told is None else told
        if answer is not None and wait > patience.longest_wait:
            return answer
        await patience.pause(min(wait, patience.longest_wait))
        attempt += 1


async def _tried(
    client: httpx.AsyncClient, request: httpx.Request, *, is_last: bool
) -> httpx.Response | None:
    """None where no answer came and it may be tried again."""
    try:
        answer = await client.send(request, stream=True)
        if not answer.is_success:
            await answer.aread()
    except httpx.TransportError as error:
        if is_last or not _is_repeatable(request):
            raise Unreachable(f"no answer from {request.url.host}") from error
        return None
    return answer


def _is_passing(answer: httpx.Response, request: httpx.Request) -> bool:
    """Whether another answer may come soon, and no harm is done if the first took effect unheard."""
    if answer.status_code in REFUSED_AT_THE_DOOR:
        return True
    if answer.status_code in LOST_ON_THE_WAY:
        return _is_repeatable(request)
    # The first sending of this key is still at work: its answer will be kept for us.
    in_progress = "request_in_progress"
    return answer.status_code == 409 and problem_in(answer)["code"] == in_progress


def _is_repeatable(request: httpx.Request) -> bool:
    """A change by If-Match is not: had it taken effect, the second would be told that somebody was faster."""
    if request.method == "POST":
        return "idempotency-key" in request.headers
    return request.method == "GET"


def _growing(attempt: int) -> float:
    """Seconds that grow with each try, and differ between clients that were refused together."""
    return 0.2 * float(2**attempt) * random.uniform(0.5, 1)  # noqa: S311
