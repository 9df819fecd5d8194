"""The next sending, and its outcome: two short transactions around a request.

Whoever takes a delivery has a lease on it, so that no other process sends it; when a
process dies the lease ends, and the event is sent again with the same `webhook-id`.
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import case, func, insert, update

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Record
from services.chassis.sending import looking
from services.chassis.sending.looking import HOOKS, SENT
from services.chassis.sending.outcomes import Outcome, is_tried_out, pause_after
from services.chassis.sending.rights import CallerOf, owner_now
from services.chassis.sending.signing import unseal_secret
from services.chassis.sending.tables import DELIVERIES, WEBHOOKS
from services.chassis.serving.feed_cursors import Feed
from services.chassis.trust.callers import Caller
from services.chassis.trust.vault import Keyring

# Longer than a request takes, with everything before and after it.
LEASE = timedelta(seconds=30)


class Terms(NamedTuple):
    """Whose events are sent, who may see which, and the keys that open secrets."""

    service: str
    feed: Feed
    caller_of: CallerOf
    keyring: Keyring


@dataclass(frozen=True)
class Letter:
    """A message to be sent: where to, its secrets, and where its outcome is written."""

    webhook_id: UUID
    delivery_id: UUID
    event_id: UUID
    url: str
    secrets: tuple[bytes, ...] = field(repr=False)
    body: str = field(repr=False)
    lease: UUID | None = None
    number: int | None = None
    trace_id: str | None = None


async def take_event(
    change: Change, terms: Terms, webhook_id: UUID, now: datetime
) -> Letter | None:
    """The next event of a webhook, leased; None where there is none to send now."""
    hook = await looking.lock_due(change, webhook_id, now)
    if hook is None:
        return None
    caller = _reader(terms, hook, now)
    if caller is None:
        await _disable(change, webhook_id, "rights_ended")
        return None
    # Before the look itself: events numbered meanwhile are for the next one.
    until = await looking.end_of_look(change, hook)
    event = await looking.find_next(change, caller, terms.feed, hook, until)
    waiting = await looking.find_waiting(change, webhook_id)
    # Judged again before each attempt: an event that may no longer be seen is not sent.
    if waiting is not None and (event is None or event.id != waiting.event_id):
        await change.execute(ending(waiting.id, "withheld"))
        await change.execute(_of_hook(webhook_id).values(attempts=0))
        waiting = None
    if event is None:
        await change.execute(_of_hook(webhook_id).values(passed=until))
        return None
    delivery_id = (
        waiting.id if waiting else await _add_delivery(change, webhook_id, event)
    )
    lease = uuid.uuid4()
    statement = _of_hook(webhook_id).values(lease=lease, leased_until=now + LEASE)
    await change.execute(statement)
    return Letter(
        webhook_id,
        delivery_id,
        event.id,
        hook.url,
        _secrets(terms, webhook_id, hook, now),
        event.body,
        lease,
        event.sequence,
        event.trace_id,
    )


async def take_requested(
    change: Change, terms: Terms, webhook_id: UUID, now: datetime
) -> Letter | None:
    """A test or replay that the owner requested, leased; None if there is none."""
    delivery = await looking.lock_requested(change, webhook_id, now)
    if delivery is None:
        return None
    body: str | None = None
    if delivery.kind == "test":
        body = _test_body(terms.service, delivery, now)
    elif caller := _reader(terms, delivery, now):
        event = await looking.find_event(change, caller, terms.feed, delivery)
        body = event.body if event else None
    if body is None:
        await change.execute(ending(delivery.id, "withheld"))
        return await take_requested(change, terms, webhook_id, now)
    statement = update(DELIVERIES).where(SENT.id == delivery.id)
    await change.execute(statement.values(leased_until=now + LEASE))
    secrets = _secrets(terms, webhook_id, delivery, now)
    return Letter(
        webhook_id, delivery.id, delivery.event_id, delivery.url, secrets, body
    )


async def note(change: Change, letter: Letter, outcome: Outcome, now: datetime) -> None:
    """Write the outcome of a sending, and what follows from it."""
    is_last = letter.number is None or outcome.is_delivered
    state = "delivered" if outcome.is_delivered else "failed"
    statement = update(DELIVERIES).where(SENT.id == letter.delivery_id)
    values: dict[str, Any] = {
        "version": SENT.version + 1,
        "attempts": SENT.attempts + 1,
        "status": outcome.status,
        "fault": outcome.fault_code,
        "attempted_at": now,
        "leased_until": None,
    }
    if is_last:
        values |= {"state": state}
    if outcome.is_delivered:
        values |= {"delivered_at": now}
    await change.execute(statement.where(SENT.state == "waiting").values(**values))
    if letter.number is not None:
        await _go_on(change, letter, outcome, now)
    elif outcome.is_gone:
        await _disable(change, letter.webhook_id, "gone")


async def _go_on(
    change: Change, letter: Letter, outcome: Outcome, now: datetime
) -> None:
    """Update the webhook after an event was tried."""
    mine = _of_hook(letter.webhook_id).where(HOOKS.lease == letter.lease)
    free = {"lease": None, "leased_until": None}
    progress = {"passed": letter.number, "told": HOOKS.told + 1, "attempts": 0}
    if outcome.is_delivered:
        # A new version only where the owner sees a difference.
        version = HOOKS.version + case((HOOKS.failing_since.is_(None), 0), else_=1)
        health = {"version": version, "failing_since": None, "next_attempt_at": now}
        await change.execute(mine.values(**free, **progress, **health))
        return
    since = func.coalesce(HOOKS.failing_since, now)
    version = HOOKS.version + case((HOOKS.failing_since.is_(None), 1), else_=0)
    statement = mine.values(
        **free, attempts=HOOKS.attempts + 1, failing_since=since, version=version
    )
    row = await change.find(statement.returning(HOOKS.attempts, HOOKS.failing_since))
    # Another process took over, or its owner began anew, while this was sent.
    if row is None:
        return
    if outcome.is_gone:
        await _disable(change, letter.webhook_id, "gone")
    elif is_tried_out(row.failing_since, now):
        await change.execute(ending(letter.delivery_id, "failed"))
        await change.execute(_of_hook(letter.webhook_id).values(**progress))
        await _disable(change, letter.webhook_id, "failing")
    else:
        after = now + pause_after(row.attempts, outcome.retry_after)
        await change.execute(_of_hook(letter.webhook_id).values(next_attempt_at=after))


def _reader(terms: Terms, hook: Record, now: datetime) -> Caller | None:
    """The owner, if they may still follow the feed."""
    if hook.rights_until <= now:
        return None
    caller = owner_now(hook.owner, hook.rights, terms.caller_of)
    return None if caller.reach(terms.feed.permission) is None else caller


def _of_hook(webhook_id: UUID) -> Any:
    return update(WEBHOOKS).where(HOOKS.id == webhook_id)


def ending(delivery_id: UUID, state: str) -> Any:
    """The statement that ends a delivery in this state."""
    statement = update(DELIVERIES).where(SENT.id == delivery_id)
    return statement.values(state=state, version=SENT.version + 1, leased_until=None)


async def _disable(change: Change, webhook_id: UUID, reason: str) -> None:
    """Send nothing more until the owner enables the webhook; events wait until then."""
    statement = _of_hook(webhook_id).where(HOOKS.state == "active")
    statement = statement.values(
        state="disabled",
        reason=reason,
        version=HOOKS.version + 1,
        changed_at=func.now(),
        lease=None,
        leased_until=None,
    )
    if await change.execute(statement):
        subject = Subject(f"webhooks/{webhook_id}")
        change.record("disable_webhook", subject, reason=reason)


async def _add_delivery(change: Change, webhook_id: UUID, event: Record) -> UUID:
    values = {
        "webhook_id": webhook_id,
        "kind": "event",
        "event_id": event.id,
        "type": event.type,
        "number": event.sequence,
        "place": event.place,
    }
    delivery_id: UUID = await change.scalar(
        insert(DELIVERIES).values(**values).returning(SENT.id)
    )
    return delivery_id


def _secrets(
    terms: Terms, webhook_id: UUID, hook: Record, now: datetime
) -> tuple[bytes, ...]:
    """The secrets that are valid now, the newest first."""
    sealed = [hook.secret]
    if hook.earlier_secret is not None and hook.earlier_secret_until > now:
        sealed.append(hook.earlier_secret)
    return tuple(unseal_secret(terms.keyring, webhook_id, each) for each in sealed)


def _test_body(service: str, delivery: Record, now: datetime) -> str:
    """An event of the usual form about nothing but the webhook."""
    subject = f"webhooks/{delivery.webhook_id}"
    event = {
        "specversion": "1.0",
        "id": str(delivery.event_id),
        "source": f"/v1/{service}",
        "type": delivery.type,
        "subject": subject,
        "time": now,
        "datacontenttype": "application/json",
        "data": {"href": f"/v1/{service}/{subject}"},
    }
    return to_json(event).decode()
