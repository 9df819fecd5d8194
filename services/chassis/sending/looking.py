"""Which webhooks are due, and which event is the next for one of them."""

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
    LOOKED_THROUGH_AT_ONCE,
    visible_events,
)
from services.chassis.serving.feed_cursors import Feed
from services.chassis.trust.callers import Caller

HOOKS, SENT = WEBHOOKS.c, DELIVERIES.c
_NEWEST = select(func.coalesce(func.max(EVENTS.c.sequence), 0)).scalar_subquery()


def _free(leased_until: ColumnElement[Any], now: datetime) -> ColumnElement[bool]:
    return or_(leased_until.is_(None), leased_until < now)


async def find_due(reading: Reading, now: datetime, most: int) -> Sequence[UUID]:
    """Webhooks with something to be sent, who waited longest first."""
    asked = (
        select(SENT.webhook_id)
        .where(SENT.state == "waiting", SENT.kind != "event")
        .where(_free(SENT.leased_until, now))
    )
    due = _may_send(now) & (HOOKS.passed < _NEWEST)
    extra = HOOKS.id.in_(asked) & (HOOKS.state != "revoked")
    statement = select(HOOKS.id).where(or_(due, extra))
    return await reading.scalars(statement.order_by(HOOKS.next_attempt_at).limit(most))


def _may_send(now: datetime) -> ColumnElement[bool]:
    return (
        (HOOKS.state == "active")
        & (HOOKS.next_attempt_at <= now)
        & _free(HOOKS.leased_until, now)
    )


async def lock_due(change: Change, webhook_id: UUID, now: datetime) -> Record | None:
    """The webhook, if it may send now and nobody else is at it."""
    statement = select(WEBHOOKS).where(HOOKS.id == webhook_id, _may_send(now))
    return await change.find(statement.with_for_update(skip_locked=True))


async def lock_asked(change: Change, webhook_id: UUID, now: datetime) -> Record | None:
    """The first test or replay that was asked for, with its webhook."""
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
    """The event of the webhook that was tried before and is not done with."""
    statement = select(DELIVERIES).where(
        SENT.webhook_id == webhook_id, SENT.state == "waiting", SENT.kind == "event"
    )
    return await change.find(statement.order_by(SENT.id).limit(1))


async def find_next(
    change: Change, caller: Caller, feed: Feed, hook: Record, until: int
) -> Record | None:
    """The next event up to a number that the owner may see now, as it is sent."""
    number = EVENTS.c.sequence
    wanted = [EVENTS.c.type.in_(hook.types)] if hook.types else []
    found = _sent(hook.told + 1).where(
        number > hook.passed,
        number <= until,
        visible_events(caller, feed, ""),
        *wanted,
    )
    return await change.find(_as_json(found.order_by(number).limit(1)))


async def find_event(
    change: Change, caller: Caller, feed: Feed, sent: Record
) -> Record | None:
    """The event of a delivery, if the owner may see it now, as it was sent before."""
    found = _sent(sent.place).where(
        EVENTS.c.sequence == sent.number, visible_events(caller, feed, "")
    )
    return await change.find(_as_json(found))


async def newest_number(reading: Reading) -> int:
    """The number of the last event that has one."""
    return int(await reading.scalar(select(_NEWEST)) or 0)


async def looked_through(change: Change, hook: Record) -> int:
    """Up to which number the next look goes, in steps as the feed's."""
    furthest: int = hook.passed + LOOKED_THROUGH_AT_ONCE
    return min(await newest_number(change), furthest)


def _sent(place: int) -> Rows:
    return select(*EVENTS.c, literal(place).label("place"))


def _as_json(events: Rows) -> Rows:
    part = events.subquery("part")
    body = literal_column(f"({EVENT_JSON})::text", Text).label("body")
    facts = part.c.id, part.c.type, part.c.sequence, part.c.place, part.c.trace_id
    return select(*facts, body)
