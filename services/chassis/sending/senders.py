"""Sends events to their receivers until the process stops; several processes may.

Each webhook is served by itself, its events in their order, one after the other: one
that is slow or fails does not hold up others.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import text

from services.chassis.data.database import Database, problem_of
from services.chassis.data.outbox import number_events
from services.chassis.data.work import Change
from services.chassis.ground import clock
from services.chassis.ground.correlation import going_on, new_trace
from services.chassis.ground.logs import describe_exception, logger
from services.chassis.sending import looking, taking
from services.chassis.sending.outcomes import Outcome
from services.chassis.sending.signing import signed_headers
from services.chassis.sending.taking import Letter, Terms
from services.chassis.telemetry.counting import WEBHOOKS as COUNTED
from services.chassis.trust.callers import Caller

SECONDS_BETWEEN_LOOKS = 1.0
# At once, in one process: slow receivers would hold up more.
MOST_AT_ONCE = 32
# The connections that sending may use; the others are for requests.
_MOST_CONNECTIONS = 2
_LONGEST_PAUSE = 30.0
_SENDER = Caller("webhooks")
_OLD = text(
    "DELETE FROM webhook_deliveries WHERE state <> 'waiting' AND created_at < now() - interval '30 days'"
)

log = logger("webhooks")


class Receivers(Protocol):
    """Sends requests to receivers."""

    async def post(self, url: str, headers: dict[str, str], body: str) -> Outcome:
        """The outcome of a request."""


class Sender:
    """Sends what is due. `now` may be set forward, to try out later times."""

    def __init__(
        self,
        database: Database,
        terms: Terms,
        receivers: Receivers,
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self._database, self._terms, self._now = database, terms, now
        self._receivers = receivers
        self._serving: dict[UUID, asyncio.Task[None]] = {}
        self._connections = asyncio.Semaphore(_MOST_CONNECTIONS)

    async def run(
        self, pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        """Send until cancelled; an error is logged, and the next look tries again."""
        seconds = SECONDS_BETWEEN_LOOKS
        try:
            while True:
                try:
                    await self.look()
                    seconds = SECONDS_BETWEEN_LOOKS
                except Exception as error:  # noqa: BLE001
                    # Any error: nothing would start this loop again.
                    _log(error)
                    seconds = min(seconds * 2, _LONGEST_PAUSE)
                await pause(seconds)
        finally:
            for task in self._serving.values():
                task.cancel()

    async def send_due(self) -> None:
        """Send all that is due now, and wait for it."""
        await self.look()
        await asyncio.gather(*self._serving.values())

    async def look(self) -> None:
        """Start to serve the webhooks that are due, as far as there is room."""
        # Without webhooks no event is numbered for them.
        async with self._connections:
            async with self._database.reading() as reading:
                if not await reading.scalar(
                    text("SELECT EXISTS (SELECT FROM webhooks)")
                ):
                    return
            await number_events(self._database)
            async with self._database.reading() as reading:
                due = await looking.find_due(reading, self._now(), MOST_AT_ONCE * 2)
        for webhook_id in due:
            room = len(self._serving) < MOST_AT_ONCE
            if room and webhook_id not in self._serving:
                task = asyncio.create_task(self._serve(webhook_id))
                self._serving[webhook_id] = task

    async def _serve(self, webhook_id: UUID) -> None:
        try:
            while letter := await self._take(webhook_id):
                await self._send(letter)
        except Exception as error:  # noqa: BLE001
            # Its lease ends, and it is tried again.
            _log(error, webhook=str(webhook_id))
        finally:
            del self._serving[webhook_id]

    async def _take(self, webhook_id: UUID) -> Letter | None:
        for take in (taking.take_requested, taking.take_event):
            async with self._change() as change:
                letter = await take(change, self._terms, webhook_id, self._now())
            if letter is not None:
                return letter
        return None

    async def _send(self, letter: Letter) -> None:
        # With the present time: receivers refuse messages older than five minutes.
        headers = signed_headers(
            letter.secrets, letter.event_id, clock.now(), letter.body
        )
        with going_on(letter.trace_id or new_trace()[0].decode(), "webhook"):
            outcome = await self._receivers.post(letter.url, headers, letter.body)
        async with self._change() as change:
            await taking.note(change, letter, outcome, self._now())
        COUNTED.labels(outcome.fault_code or "delivered").inc()
        if not outcome.is_delivered:
            # Without the address, which may contain a secret.
            log.info(
                "webhook not delivered",
                webhook=str(letter.webhook_id),
                fault=outcome.fault_code,
                status=outcome.status,
            )

    @asynccontextmanager
    async def _change(self) -> AsyncIterator[Change]:
        async with self._connections, self._database.change(_SENDER) as change:
            yield change


async def delete_old_deliveries(database: Database) -> None:
    """Delete deliveries that ended, well or not, and are a month old."""
    async with database.change() as change:
        await change.execute(_OLD)


def _log(error: BaseException, **about: str) -> None:
    problem = problem_of(error).slug()
    log.warning(
        "webhooks not sent", problem=problem, **about, **describe_exception(error)
    )
