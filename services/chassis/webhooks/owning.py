"""Every change of a webhook, by its owner or an operator."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, insert, select, text, update

from services.chassis.data.effects import Subject, require_version
from services.chassis.data.outbox import number_within
from services.chassis.data.work import Change, Record, Rows, Stored
from services.chassis.ground.problems import (
    NotFound,
    Problem,
    RateLimited,
    StateConflict,
    refuse,
)
from services.chassis.sending.looking import HOOKS, SENT, newest_number
from services.chassis.sending.rights import renewed_rights
from services.chassis.sending.signing import new_secret, seal_secret
from services.chassis.sending.tables import DELIVERIES, WEBHOOKS
from services.chassis.sending.taking import ending
from services.chassis.serving.feed_cursors import Feed
from services.chassis.trust.vault import Keyring
from services.chassis.webhooks import shown
from services.chassis.webhooks.schemas import WebhookCreate, WebhookUpdate

MOST_WEBHOOKS, MOST_ASKED = 20, 10
_ONE_AT_A_TIME = text(
    "SELECT pg_advisory_xact_lock(hashtextextended('webhooks ' || current_schema() || :owner, 0))"
)
_VERBS: Mapping[str, Sequence[str]] = {
    "active": ("renew", "disable", "rotate-secret", "replay", "test", "revoke"),
    "disabled": ("renew", "enable", "rotate-secret", "replay", "test", "revoke"),
    "revoked": (),
}


class WebhookQuotaReached(Problem):
    """The caller has as many webhooks here as anybody may have."""

    status, title_pl = 422, "Nie można mieć tu więcej webhooków"


class Created(NamedTuple):
    """A webhook and its secret, which is shown only once."""

    stored: Stored
    secret: bytes


def demand_types(types: Sequence[str], feed: Feed) -> None:
    """ValidationFailed for types that no event of this service has."""
    faults = [
        (f"types/{place}", "not_listed")
        for place, name in enumerate(types)
        if not name.startswith(tuple(feed.kinds))
    ]
    refuse(*faults)


async def create(
    change: Change, ring: Keyring, new: WebhookCreate, now: datetime
) -> Created:
    """A webhook of the caller; events from now on are sent."""
    owner = change.caller.subject
    # Two requests at once would both count one too few.
    await change.rows(_ONE_AT_A_TIME, {"owner": owner})
    own = select(func.count()).select_from(WEBHOOKS)
    own = own.where(HOOKS.owner == owner, HOOKS.state != "revoked")
    if await change.scalar(own) >= MOST_WEBHOOKS:
        raise WebhookQuotaReached(most=MOST_WEBHOOKS)
    # Earlier events are not sent: so they must have their numbers.
    await number_within(change)
    webhook_id: UUID = await change.scalar(select(func.uuidv7()))
    secret = new_secret()
    values = {
        "id": webhook_id,
        "owner": owner,
        "url": new.url,
        "types": new.types,
        "secret": seal_secret(ring, webhook_id, secret),
        "passed": await newest_number(change),
        **renewed_rights(change.caller, now),
    }
    await change.execute(insert(WEBHOOKS).values(**values))
    _record(change, "create_webhook", webhook_id)
    return Created(await shown.webhook(change, webhook_id), secret)


async def change_own(
    change: Change, webhook_id: UUID, version: int, new: WebhookUpdate, now: datetime
) -> Stored:
    """Another address, or other types; a waiting event is tried at once."""
    await _lock(change, webhook_id, version, ("active", "disabled"))
    values = new.model_dump(exclude_unset=True)
    retry: dict[str, Any] = {"attempts": 0, "next_attempt_at": now}
    if new.url is not None:
        # The three days are counted for an address: another one has its own.
        retry |= {"failing_since": None}
    await _set(
        change, webhook_id, **values, **retry, **renewed_rights(change.caller, now)
    )
    _record(change, "change_webhook", webhook_id)
    return await shown.webhook(change, webhook_id)


async def renew(change: Change, webhook_id: UUID, now: datetime) -> Stored:
    """Let the rights of the caller's present token count from now on."""
    await _lock(change, webhook_id, None, ("active", "disabled"))
    await _set(change, webhook_id, **renewed_rights(change.caller, now))
    _record(change, "renew_webhook", webhook_id)
    return await shown.webhook(change, webhook_id)


async def enable(
    change: Change, webhook_id: UUID, version: int, now: datetime
) -> Stored:
    """Go on where sending stopped."""
    await _lock(change, webhook_id, version, ("disabled",))
    restart = {"attempts": 0, "failing_since": None, "next_attempt_at": now}
    rights = renewed_rights(change.caller, now)
    await _set(change, webhook_id, state="active", reason=None, **restart, **rights)
    _record(change, "enable_webhook", webhook_id)
    return await shown.webhook(change, webhook_id)


async def disable(
    change: Change, visible: Rows, webhook_id: UUID, version: int
) -> Stored:
    """Send nothing more until it is enabled."""
    hook = await _lock(change, webhook_id, version, ("active",), visible)
    own = hook.owner == change.caller.subject
    reason = "by_owner" if own else "by_operator"
    await _set(change, webhook_id, state="disabled", reason=reason)
    _record(change, "disable_webhook", webhook_id, reason=reason)
    return await shown.webhook(change, webhook_id)


async def revoke(change: Change, webhook_id: UUID, version: int) -> Stored:
    """End it for good."""
    await _lock(change, webhook_id, version, ("active", "disabled"))
    await _set(change, webhook_id, state="revoked", reason=None)
    _record(change, "revoke_webhook", webhook_id)
    return await shown.webhook(change, webhook_id)


async def rotate_secret(
    change: Change, ring: Keyring, webhook_id: UUID, version: int, until: datetime
) -> Created:
    """A new secret; the former one signs as well until that instant."""
    hook = await _lock(change, webhook_id, version, ("active", "disabled"))
    secret = new_secret()
    await _set(
        change,
        webhook_id,
        secret=seal_secret(ring, webhook_id, secret),
        earlier_secret=hook.secret,
        earlier_secret_until=until,
    )
    _record(change, "rotate_webhook_secret", webhook_id)
    return Created(await shown.webhook(change, webhook_id), secret)


async def replay_from(
    change: Change, webhook_id: UUID, version: int, passed: int, now: datetime
) -> Stored:
    """Send everything after that number again."""
    await _lock(change, webhook_id, version, ("active", "disabled"))
    # A process that is sending now loses its lease, and changes nothing here.
    restart = {
        "attempts": 0,
        "next_attempt_at": now,
        "lease": None,
        "leased_until": None,
    }
    await _set(change, webhook_id, passed=passed, **restart)
    waiting = SENT.webhook_id == webhook_id, SENT.kind == "event"
    statement = update(DELIVERIES).where(*waiting, SENT.state == "waiting")
    await change.execute(statement.values(state="withheld", version=SENT.version + 1))
    _record(change, "replay_webhook", webhook_id)
    return await shown.webhook(change, webhook_id)


async def ask_for_test(change: Change, webhook_id: UUID, service: str) -> Stored:
    """Have an event about nothing but the webhook sent soon."""
    await _lock(change, webhook_id, None, ("active", "disabled"))
    event_id: UUID = await change.scalar(select(func.uuidv7()))
    about = {"kind": "test", "event_id": event_id, "type": f"{service}.webhook.tested"}
    return await _ask(change, webhook_id, "test_webhook", about)


async def ask_for_replay(change: Change, webhook_id: UUID, delivery_id: UUID) -> Stored:
    """Have an event that was sent, or put aside, sent once more."""
    await _lock(change, webhook_id, None, ("active", "disabled"))
    delivery = await _delivery(change, webhook_id, delivery_id)
    if delivery.kind == "test" or delivery.state == "waiting":
        raise StateConflict(state=delivery.state, allowed=[])
    about = {
        name: getattr(delivery, name)
        for name in ("event_id", "type", "number", "place")
    }
    return await _ask(
        change, webhook_id, "replay_webhook_delivery", {"kind": "replay", **about}
    )


async def put_aside(
    change: Change, webhook_id: UUID, delivery_id: UUID, now: datetime
) -> Stored:
    """Go on without an event that the receiver does not accept; it can be replayed."""
    await _lock(change, webhook_id, None, ("active", "disabled"))
    delivery = await _delivery(change, webhook_id, delivery_id)
    if delivery.kind != "event" or delivery.state != "waiting":
        allowed = [] if delivery.state == "waiting" else ["replay"]
        raise StateConflict(state=delivery.state, allowed=allowed)
    await change.execute(ending(delivery_id, "failed"))
    past = {"passed": delivery.number, "told": HOOKS.told + 1, "attempts": 0}
    free = {"next_attempt_at": now, "lease": None, "leased_until": None}
    await _set(change, webhook_id, **past, **free)
    _record(change, "put_webhook_delivery_aside", webhook_id)
    return await shown.delivery(change, webhook_id, delivery_id)


async def _ask(
    change: Change, webhook_id: UUID, action: str, about: Mapping[str, Any]
) -> Stored:
    count = (
        select(func.count())
        .select_from(DELIVERIES)
        .where(
            SENT.webhook_id == webhook_id, SENT.state == "waiting", SENT.kind != "event"
        )
    )
    if await change.scalar(count) >= MOST_ASKED:
        raise RateLimited(retry_after=30)
    adding = insert(DELIVERIES).values(webhook_id=webhook_id, **about)
    delivery_id: UUID = await change.scalar(adding.returning(SENT.id))
    _record(change, action, webhook_id)
    return await shown.delivery(change, webhook_id, delivery_id)


async def _delivery(change: Change, webhook_id: UUID, delivery_id: UUID) -> Record:
    statement = select(DELIVERIES).where(
        SENT.id == delivery_id, SENT.webhook_id == webhook_id
    )
    return await change.one(statement.with_for_update(), NotFound)


async def _lock(
    change: Change,
    webhook_id: UUID,
    version: int | None,
    states: Sequence[str],
    visible: Rows | None = None,
) -> Record:
    """A webhook of the caller's own, or a visible one, in one of these states."""
    own = select(WEBHOOKS).where(HOOKS.owner == change.caller.subject)
    locking = (own if visible is None else visible).where(HOOKS.id == webhook_id)
    hook = await change.one(locking.with_for_update(), NotFound)
    if version is not None:
        require_version(hook.version, version)
    if hook.state not in states:
        raise StateConflict(state=hook.state, allowed=[*_VERBS[hook.state]])
    return hook


async def _set(change: Change, webhook_id: UUID, **values: Any) -> None:
    statement = update(WEBHOOKS).where(HOOKS.id == webhook_id)
    always = {"version": HOOKS.version + 1, "changed_at": func.now()}
    await change.execute(statement.values(**values, **always))


def _record(change: Change, action: str, webhook_id: UUID, **detail: Any) -> None:
    change.record(action, Subject(f"webhooks/{webhook_id}"), **detail)
