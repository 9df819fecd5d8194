"""Which webhooks are due, and which event is next for one of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, func, literal, literal_column, or_, select

from services.chassis.data.outbox import EVENTS
from services.chassis.data.work import Change, Reading, Record, Rows
from services.chassis.sending.tables import DELIVERIES, WEBHOOKS
from services.chassis.serving.events import (
    EVENT_JSON,
    EVENTS_PER_STEP,
    visible_events,
)
from services.chassis.serving.feed_cursors import Feed
from services.chassis.trust.callers import Caller

HOOKS, SENT = WEBHOOKS.c, DELIVERIES.c
_NEWEST = select(func.coalesce(func.max(EVENTS.c.sequence), 0)).scalar_subquery()


def _free(leased_until: ColumnElement[Any], now: datetime) -> ColumnElement[bool]:
    return or_(leased_until.is_(None), leased_until < now)


async def find_due(reading: Reading, now: datetime, most: int) -> Sequence[UUID]:
    """Webhooks with something to be sent, those that waited longest first."""
    requested = (
        select(SENT.webhook_id)
        .where(SENT.state == "waiting", SENT.kind != "event")
        .where(_free(SENT.leased_until, now))
    )
    due = _may_send(now) & (HOOKS.passed < _NEWEST)
    extra = HOOKS.id.in_(requested) & (HOOKS.state != "revoked")
    statement = select(HOOKS.id).where(or_(due, extra))
    return await reading.scalars(statement.order_by(HOOKS.next_attempt_at).limit(most))


def _may_send(now: datetime) -> ColumnElement[bool]:
    return (
        (HOOKS.state == "active")
        & (HOOKS.next_attempt_at <= now)
        & _free(HOOKS.leased_until, now)
    )


async def lock_due(change: Change, webhook_id: UUID, now: datetime) -> Record | None:
    """The webhook, if it may send now and no other process is sending for it."""
    statement = select(WEBHOOKS).where(HOOKS.id == webhook_id, _may_send(now))
    return await change.find(statement.with_for_update(skip_locked=True))


async def lock_requested(
    change: Change, webhook_id: UUID, now: datetime
) -> Record | None:
    """The first test or replay that was requested, with its webhook."""
    of_hook = (HOOKS.url, HOOKS.owner, HOOKS.rights, HOOKS.rights_until)
    statement = (
        select(DELIVERIES, *of_hook, HOOKS.secret, HOOKS.earlier_secret)
        .add_columns(HOOKS.earlier_secret_until)
        .join(WEBHOOKS, HOOKS.id == SENT.webhook_id)
        .where(SENT.webhook_id == webhook_id, SENT.state == "waiting")
        .where(SENT.kind != "event", HOOKS.state != "revoked")
        .where(_free(SENT.leased_until, now))
        .order_by(SENT.id)
        .limit(1)
    )
    return await change.find(statement.with_for_update(of=DELIVERIES, skip_locked=True))


async def find_waiting(change: Change, webhook_id: UUID) -> Record | None:
    """The event of the webhook that was tried before and is still to be delivered."""
    statement = select(DELIVERIES).where(
        SENT.webhook_id == webhook_id, SENT.state == "waiting", SENT.kind == "event"
    )
    return await change.find(statement.order_by(SENT.id).limit(1))


async def find_next(
    change: Change, caller: Caller, feed: Feed, hook: Record, until: int
) -> Record | None:
    """The next event up to a number that the owner may see now, in its sent form."""
    number = EVENTS.c.sequence
    conditions = [EVENTS.c.type.in_(hook.types)] if hook.types else []
    statement = _numbered(hook.told + 1).where(
        number > hook.passed,
        number <= until,
        visible_events(caller, feed, ""),
        *conditions,
    )
    return await change.find(_as_json(statement.order_by(number).limit(1)))


async def find_event(
    change: Change, caller: Caller, feed: Feed, delivery: Record
) -> Record | None:
    """The event of a delivery, if the owner may see it now, in its earlier form."""
    statement = _numbered(delivery.place).where(
        EVENTS.c.sequence == delivery.number, visible_events(caller, feed, "")
    )
    return await change.find(_as_json(statement))


async def newest_number(reading: Reading) -> int:
    """The number of the last event that has one."""
    return int(await reading.scalar(select(_NEWEST)) or 0)


async def end_of_look(change: Change, hook: Record) -> int:
    """The number up to which the next look goes, in steps as in the feed."""
    furthest: int = hook.passed + EVENTS_PER_STEP
    return min(await newest_number(change), furthest)


def _numbered(place: int) -> Rows:
    return select(*EVENTS.c, literal(place).label("place"))


def _as_json(events: Rows) -> Rows:
    part = events.subquery("part")
    body = literal_column(f"({EVENT_JSON})::text", Text).label("body")
    facts = part.c.id, part.c.type, part.c.sequence, part.c.place, part.c.trace_id
    return select(*facts, body)
