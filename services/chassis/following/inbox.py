"""The state of a follower: its cursor, which events took effect or are put aside.

Whoever takes an event holds the feed's advisory lock until the transaction ends, so
that events come one after another however many processes follow. A receipt is written
with the event's effect, and an event can have only one.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import insert, select, text

from services.chassis.data.work import Change, Reading
from services.chassis.following.followers import FollowedEvent
from services.chassis.following.tables import (
    DEAD_LETTERS,
    FEED_POSITIONS,
    FEED_RECEIPTS,
)
from services.chassis.telemetry import counting

# The problem of an event whose subject has an earlier one put aside: order is kept.
BEHIND_ANOTHER = "behind_another"

_LOCK = text("""
SELECT pg_try_advisory_xact_lock(hashtextextended('feed ' || current_schema() || '.' || :feed, 0))
""")
_STATE = text("""
SELECT EXISTS (SELECT FROM feed_receipts WHERE feed = :feed AND event_id = :event_id) AS is_taken,
       EXISTS (SELECT FROM dead_letters WHERE feed = :feed AND subject = :subject AND replayed_at IS NULL) AS is_behind
""")
# Compared with the cursor before: a slower process must not set it back.
_MOVE = text("""
INSERT INTO feed_positions (feed, cursor) VALUES (:feed, :cursor)
ON CONFLICT (feed) DO UPDATE SET cursor = excluded.cursor WHERE feed_positions.cursor = :before
""")
# Counted here for all processes: each one has some of the attempts.
_COUNT_ATTEMPT = text("""
INSERT INTO feed_positions (feed, attempts) VALUES (:feed, 1)
ON CONFLICT (feed) DO UPDATE SET attempts = feed_positions.attempts + 1 RETURNING attempts
""")
_FORGET_ATTEMPTS = text(
    "UPDATE feed_positions SET attempts = 0 WHERE feed = :feed AND attempts > 0"
)


class TakenElsewhere(Exception):
    """Another process is working on this feed."""


class EventState(NamedTuple):
    """Whether an event has its receipt, and whether an earlier one is put aside."""

    is_taken: bool
    is_behind: bool


async def find_cursor(reading: Reading, feed: str) -> str:
    """The cursor from which the feed is read; 0 at the beginning."""
    cursor = await reading.scalar(
        select(FEED_POSITIONS.c.cursor).where(FEED_POSITIONS.c.feed == feed)
    )
    return cursor or "0"


async def move_cursor(change: Change, feed: str, before: str, cursor: str) -> None:
    """Move the cursor, unless another process has moved it from `before` already."""
    await change.execute(_MOVE, {"feed": feed, "before": before, "cursor": cursor})


async def find_taken(reading: Reading, feed: str, ids: Iterable[UUID]) -> set[UUID]:
    """Ids of those events that have their receipt."""
    receipt = FEED_RECEIPTS.c
    receipts = select(receipt.event_id).where(
        receipt.feed == feed, receipt.event_id.in_(list(ids))
    )
    return set(await reading.scalars(receipts))


async def lock_feed(change: Change, feed: str) -> None:
    """Lock the feed until the transaction ends; TakenElsewhere where another has it."""
    if not await change.scalar(_LOCK, {"feed": feed}):
        raise TakenElsewhere


async def lock_event(change: Change, feed: str, event: FollowedEvent) -> EventState:
    """Lock the feed; returns the state of the event."""
    await lock_feed(change, feed)
    # A statement of its own: after the lock it sees what the last holder wrote.
    row = await change.one(
        _STATE, values={"feed": feed, "event_id": event.id, "subject": event.subject}
    )
    return EventState(*row)


async def give_receipt(change: Change, feed: str, event: FollowedEvent) -> None:
    """Mark the event as handled: delivered again, it has no effect."""
    await change.execute(insert(FEED_RECEIPTS).values(feed=feed, event_id=event.id))
    # The attempts were for this event; the next one has its own.
    await change.execute(_FORGET_ATTEMPTS, {"feed": feed})


async def count_attempt(change: Change, feed: str) -> int:
    """How often the next event has failed, this time included."""
    return int(await change.scalar(_COUNT_ATTEMPT, {"feed": feed}))


async def put_aside(
    change: Change, feed: str, event: FollowedEvent, problem: str, attempts: int
) -> None:
    """Keep an event that has no effect yet, for an operator to replay."""
    letter: Mapping[str, Any] = {
        "feed": feed,
        "subject": event.subject,
        "event": event.model_dump(mode="json"),
        "problem": problem,
        "attempts": attempts,
        "trace_id": event.traceid,
    }
    await change.execute(insert(DEAD_LETTERS).values(letter))
    # It counts as taken: otherwise a second delivery would put it aside again.
    await give_receipt(change, feed, event)
    counting.DEAD_LETTERS.labels(feed).inc()
