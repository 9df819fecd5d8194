"""Following feeds until the process stops: long polls, one event at a time.

An event's effect and its receipt are one transaction, so that it takes effect once
however often it is delivered and wherever the process is killed. An event that fails is
tried again, then put aside, and the others go on.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from typing import Any

from services.chassis.data.database import Database, problem_of
from services.chassis.following import inbox
from services.chassis.following.followers import (
    FollowedEvent,
    FollowedPage,
    Follower,
    Source,
)
from services.chassis.ground.correlation import going_on
from services.chassis.ground.logs import describe_exception, logger
from services.chassis.ground.problems import Problem, Unavailable, UpstreamTimeout
from services.chassis.peers import PeerRefused
from services.chassis.telemetry.counting import CAUGHT_UP

# A follower that was away catches up in few requests, and no answer is too long.
MOST_EVENTS_AT_ONCE = 500
# How long the other service waits for the first new event.
SECONDS_TO_WAIT = 20
MOST_ATTEMPTS = 5
# Where a needed service did not answer: an outage of an hour puts nothing aside.
MOST_ATTEMPTS_UNAVAILABLE = 100
LONGEST_PAUSE = 60.0
SHORT_PAUSE = 1.0

log = logger("following")


class _Failed(Exception):
    """The next event failed; `attempts`: how often by now."""

    def __init__(self, attempts: int) -> None:
        self.attempts = attempts
        super().__init__()


def pause_after(failures: int) -> float:
    """Seconds: twice as many after each failure, up to a minute."""
    longest = min(SHORT_PAUSE * 2.0 ** (min(failures, 10) - 1), LONGEST_PAUSE)
    # At random up to half less: not all ask at once when a service is back.
    return longest * (0.5 + secrets.randbelow(1000) / 2000)


class FeedRunner:
    """Follows one feed; several processes may do so, and take turns."""

    def __init__(
        self,
        database: Database,
        follower: Follower,
        source: Source,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.database, self.follower, self.source = database, follower, source
        self.feed, self.pause = follower.service, pause

    async def run(self) -> None:
        """Follow until cancelled; after an error log it, and try again ever later."""
        failures = 0
        while not _is_cancelled():
            seconds = 0.0
            try:
                if not await self.pull():
                    # An empty answer at once must not lead to a tight loop.
                    seconds = pause_after(1)
                failures = 0
            except inbox.TakenElsewhere:
                seconds = pause_after(1)
            except _Failed as failed:
                seconds = pause_after(failed.attempts)
            except Exception as error:  # noqa: BLE001
                # Any error: nothing would start this loop again.
                failures += 1
                seconds = pause_after(failures)
                log.warning(
                    "feed not followed",
                    feed=self.feed,
                    problem=problem_of(error).slug(),
                    **describe_exception(error),
                )
            if seconds:
                await self.pause(seconds)

    async def pull(self) -> bool:
        """Take the next events; returns whether there were any."""
        async with self.database.reading() as reading:
            cursor = await inbox.find_cursor(reading, self.feed)
        page = await self._page(cursor)
        if page is None:
            await self._move(cursor, "0")
            return False
        is_last = len(page.items) < MOST_EVENTS_AT_ONCE
        events = [event for event in page.items if event.type in self.follower.handlers]
        async with self.database.reading() as reading:
            taken_ids = await inbox.find_taken(
                reading, self.feed, [event.id for event in events]
            )
        # By number, whatever the page's order: no change comes before an earlier one.
        for event in sorted(events, key=lambda each: each.sequence):
            if event.id not in taken_ids:
                await self._take(event)
        await self._move(cursor, page.next_cursor)
        if is_last:
            CAUGHT_UP.labels(self.feed).set_to_current_time()
        return bool(page.items) and page.next_cursor != cursor

    async def _page(self, cursor: str) -> FollowedPage | None:
        """The next events, by long polling; None if the cursor is no longer valid."""
        try:
            return await self.source.peer.get(
                f"/v1/{self.feed}/events",
                FollowedPage,
                token=await self.source.account.token(),
                after=cursor,
                wait=SECONDS_TO_WAIT,
                limit=MOST_EVENTS_AT_ONCE,
            )
        except PeerRefused as refused:
            # Other rights or another key: begun anew, past events with a receipt.
            if cursor != "0" and refused.members["peer_status"] == 422:
                log.warning("feed begun anew", feed=self.feed)
                return None
            raise

    async def _move(self, before: str, cursor: str) -> None:
        if cursor != before:
            async with self.database.change() as change:
                await inbox.move_cursor(change, self.feed, before, cursor)

    async def _take(self, event: FollowedEvent) -> None:
        """The event's effect and receipt, in one transaction, in the event's trace."""
        try:
            with going_on(event.traceid, f"event {event.type}"):
                await self._carry_out(event)
        except inbox.TakenElsewhere:
            raise
        except Exception as error:
            if _is_cancelled():
                raise
            await self._count_failure(event, error)

    async def _carry_out(self, event: FollowedEvent) -> None:
        async with self.database.change() as change:
            state = await inbox.lock_event(change, self.feed, event)
            if state.is_taken:
                return
            if state.is_behind:
                await inbox.put_aside(change, self.feed, event, inbox.BEHIND_ANOTHER, 0)
                return
            await self.follower.carry_out(change, event)
            await inbox.give_receipt(change, self.feed, event)

    async def _count_failure(self, event: FollowedEvent, error: Exception) -> None:
        """Raise _Failed, or put the event aside when it has failed often enough."""
        problem = problem_of(error)
        async with self.database.change() as change:
            # The lock ended with the first transaction: another may have done it.
            if (await inbox.lock_event(change, self.feed, event)).is_taken:
                return
            attempts = await inbox.count_attempt(change, self.feed)
            is_last = attempts >= _most_attempts(problem)
            if is_last:
                await inbox.put_aside(
                    change, self.feed, event, problem.slug(), attempts
                )
        log.error(
            "event put aside" if is_last else "event failed",
            feed=self.feed,
            event_id=str(event.id),
            trace_id=event.traceid,
            attempts=attempts,
            problem=problem.slug(),
            **describe_exception(error),
        )
        if not is_last:
            raise _Failed(attempts)


def _is_cancelled() -> bool:
    """Whether the process stops: an error during the rollback would hide that."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _most_attempts(problem: Problem) -> int:
    is_outage = isinstance(problem, Unavailable | UpstreamTimeout)
    return MOST_ATTEMPTS_UNAVAILABLE if is_outage else MOST_ATTEMPTS


async def follow(
    database: Database, followers: Sequence[Follower], settings: Any
) -> None:
    """Follow every feed that is set, until cancelled."""
    async with AsyncExitStack() as closing, asyncio.TaskGroup() as running:
        for follower in followers:
            source = follower.source(settings)
            if source is not None:
                for peer in source:
                    closing.push_async_callback(peer.close)
                running.create_task(FeedRunner(database, follower, source).run())
