"""Everything that changes a webhook, as its owner or an operator asks for it."""

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
from services.chassis.sending.rights import renewed
from services.chassis.sending.signing import new_secret, seal_secret
from services.chassis.sending.tables import DELIVERIES, WEBHOOKS
from services.chassis.sending.taking import ended
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
    """A webhook and its secret, which is shown this once."""

    stored: Stored
    secret: bytes


def demand_types(types: Sequence[str], feed: Feed) -> None:
    """ValidationFailed for types that no event of this service has."""
    wrong = [
        (f"types/{place}", "not_listed")
        for place, name in enumerate(types)
        if not name.startswith(tuple(feed.kinds))
    ]
    refuse(*wrong)


async def create(
    change: Change, ring: Keyring, new: WebhookCreate, now: datetime
) -> Created:
    """A webhook of the caller's: what happens from now on is sent."""
    owner = change.caller.subject
    # Two requests at once would both count one too few.
    await change.rows(_ONE_AT_A_TIME, {"owner": owner})
    own = select(func.count()).select_from(WEBHOOKS)
    own = own.where(HOOKS.owner == owner, HOOKS.state != "revoked")
    if await change.scalar(own) >= MOST_WEBHOOKS:
        raise WebhookQuotaReached(most=MOST_WEBHOOKS)
    # What has happened by now is no longer told: it has to have its number.
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
        **renewed(change.caller, now),
    }
    await change.execute(insert(WEBHOOKS).values(**values))
    _record(change, "create_webhook", webhook_id)
    return Created(await shown.one(change, webhook_id), secret)


async def change_own(
    change: Change, webhook_id: UUID, version: int, new: WebhookUpdate, now: datetime
) -> Stored:
    """Another address, or other types; what waits is tried at once."""
    await _lock(change, webhook_id, version, ("active", "disabled"))
    values = new.model_dump(exclude_unset=True)
    again: dict[str, Any] = {"attempts": 0, "next_attempt_at": now}
    if new.url is not None:
        # The three days are of an address: another one has its own.
        again |= {"failing_since": None}
    await _set(change, webhook_id, **values, **again, **renewed(change.caller, now))
    _record(change, "change_webhook", webhook_id)
    return await shown.one(change, webhook_id)


async def renew(change: Change, webhook_id: UUID, now: datetime) -> Stored:
    """Let the rights of the caller's present token count from now on."""
    await _lock(change, webhook_id, None, ("active", "disabled"))
    await _set(change, webhook_id, **renewed(change.caller, now))
    _record(change, "renew_webhook", webhook_id)
    return await shown.one(change, webhook_id)


async def enable(
    change: Change, webhook_id: UUID, version: int, now: datetime
) -> Stored:
    """Go on where sending stopped."""
    await _lock(change, webhook_id, version, ("disabled",))
    anew = {"attempts": 0, "failing_since": None, "next_attempt_at": now}
    rights = renewed(change.caller, now)
    await _set(change, webhook_id, state="active", reason=None, **anew, **rights)
    _record(change, "enable_webhook", webhook_id)
    return await shown.one(change, webhook_id)


async def disable(change: Change, seen: Rows, webhook_id: UUID, version: int) -> Stored:
    """Send nothing more until it is enabled."""
    hook = await _lock(change, webhook_id, version, ("active",), seen)
    own = hook.owner == change.caller.subject
    reason = "by_owner" if own else "by_operator"
    await _set(change, webhook_id, state="disabled", reason=reason)
    _record(change, "disable_webhook", webhook_id, reason=reason)
    return await shown.one(change, webhook_id)


async def revoke(change: Change, webhook_id: UUID, version: int) -> Stored:
    """End it for good."""
    await _lock(change, webhook_id, version, ("active", "disabled"))
    await _set(change, webhook_id, state="revoked", reason=None)
    _record(change, "revoke_webhook", webhook_id)
    return await shown.one(change, webhook_id)


async def rotate_secret(
    change: Change, ring: Keyring, webhook_id: UUID, version: int, until: datetime
) -> Created:
    """A new secret; the one of before signs as well until that instant."""
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
    return Created(await shown.one(change, webhook_id), secret)


async def replay_from(
    change: Change, webhook_id: UUID, version: int, passed: int, now: datetime
) -> Stored:
    """Send everything after that number again."""
    await _lock(change, webhook_id, version, ("active", "disabled"))
    # Whoever is sending now has lost the lease, and moves nothing on.
    anew = {"attempts": 0, "next_attempt_at": now, "lease": None, "leased_until": None}
    await _set(change, webhook_id, passed=passed, **anew)
    waiting = SENT.webhook_id == webhook_id, SENT.kind == "event"
    given_up = update(DELIVERIES).where(*waiting, SENT.state == "waiting")
    await change.execute(given_up.values(state="withheld", version=SENT.version + 1))
    _record(change, "replay_webhook", webhook_id)
    return await shown.one(change, webhook_id)


async def ask_for_test(change: Change, webhook_id: UUID, service: str) -> Stored:
    """An event that tells of nothing but the webhook is sent soon."""
    await _lock(change, webhook_id, None, ("active", "disabled"))
    event_id: UUID = await change.scalar(select(func.uuidv7()))
    about = {"kind": "test", "event_id": event_id, "type": f"{service}.webhook.tested"}
    return await _ask(change, webhook_id, "test_webhook", about)


async def ask_for_replay(change: Change, webhook_id: UUID, delivery_id: UUID) -> Stored:
    """An event that was sent, or put aside, is sent once more."""
    await _lock(change, webhook_id, None, ("active", "disabled"))
    sent = await _delivery(change, webhook_id, delivery_id)
    if sent.kind == "test" or sent.state == "waiting":
        raise StateConflict(state=sent.state, allowed=[])
    about = {
        name: getattr(sent, name) for name in ("event_id", "type", "number", "place")
    }
    return await _ask(
        change, webhook_id, "replay_webhook_delivery", {"kind": "replay", **about}
    )


async def put_aside(
    change: Change, webhook_id: UUID, delivery_id: UUID, now: datetime
) -> Stored:
    """Go on without an event that the receiver does not take; it can be replayed."""
    await _lock(change, webhook_id, None, ("active", "disabled"))
    sent = await _delivery(change, webhook_id, delivery_id)
    if sent.kind != "event" or sent.state != "waiting":
        allowed = [] if sent.state == "waiting" else ["replay"]
        raise StateConflict(state=sent.state, allowed=allowed)
    await change.execute(ended(delivery_id, "failed"))
    past = {"passed": sent.number, "told": HOOKS.told + 1, "attempts": 0}
    free = {"next_attempt_at": now, "lease": None, "leased_until": None}
    await _set(change, webhook_id, **past, **free)
    _record(change, "put_webhook_delivery_aside", webhook_id)
    return await shown.delivery(change, webhook_id, delivery_id)


async def _ask(
    change: Change, webhook_id: UUID, action: str, about: Mapping[str, Any]
) -> Stored:
    asked = (
        select(func.count())
        .select_from(DELIVERIES)
        .where(
            SENT.webhook_id == webhook_id, SENT.state == "waiting", SENT.kind != "event"
        )
    )
    if await change.scalar(asked) >= MOST_ASKED:
        raise RateLimited(retry_after=30)
    adding = insert(DELIVERIES).values(webhook_id=webhook_id, **about)
    delivery_id: UUID = await change.scalar(adding.returning(SENT.id))
    _record(change, action, webhook_id)
    return await shown.delivery(change, webhook_id, delivery_id)


async def _delivery(change: Change, webhook_id: UUID, delivery_id: UUID) -> Record:
    one = select(DELIVERIES).where(
        SENT.id == delivery_id, SENT.webhook_id == webhook_id
    )
    return await change.one(one.with_for_update(), NotFound)


async def _lock(
    change: Change,
    webhook_id: UUID,
    version: int | None,
    states: Sequence[str],
    seen: Rows | None = None,
) -> Record:
    """A webhook of the caller's own, or of those seen, in one of these states."""
    own = select(WEBHOOKS).where(HOOKS.owner == change.caller.subject)
    locking = (own if seen is None else seen).where(HOOKS.id == webhook_id)
    hook = await change.one(locking.with_for_update(), NotFound)
    if version is not None:
        require_version(hook.version, version)
    if hook.state not in states:
        raise StateConflict(state=hook.state, allowed=[*_VERBS[hook.state]])
    return hook


async def _set(change: Change, webhook_id: UUID, **values: Any) -> None:
    changed = update(WEBHOOKS).where(HOOKS.id == webhook_id)
    always = {"version": HOOKS.version + 1, "changed_at": func.now()}
    await change.execute(changed.values(**values, **always))


def _record(change: Change, action: str, webhook_id: UUID, **detail: Any) -> None:
    change.record(action, Subject(f"webhooks/{webhook_id}"), **detail)
