"""Webhooks and deliveries as JSON, and who may see them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, select

from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Reading, Rows, Stored
from services.chassis.ground.problems import NotFound
from services.chassis.sending.looking import HOOKS, SENT
from services.chassis.sending.tables import DELIVERIES, WEBHOOKS
from services.chassis.trust.callers import Caller
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.chassis.webhooks.schemas import DeliveryList, DeliveryRead, WebhookRead


def _wire(caller: Caller) -> Mapping[str, ColumnElement[Any]]:
    wire: dict[str, ColumnElement[Any]] = {
        name: HOOKS[name] for name in WebhookRead.model_fields
    }
    # An operator sees its owner and state, but not the address: it may hold a secret.
    return wire | {"url": case((HOOKS.owner == caller.subject, HOOKS.url))}


_DELIVERY: Mapping[str, ColumnElement[Any]] = {
    name: SENT[name] for name in DeliveryRead.model_fields
}
_DELIVERIES = Listing(
    _DELIVERY, {"created_at": SENT.created_at}, "-created_at", SENT.id
)


def visible_to(caller: Caller, operate: StrEnum) -> Rows:
    """One's own webhooks; all of the service's for its operators."""
    every: Rows = select(WEBHOOKS)
    if caller.reach(operate) is not None:
        return every
    return every.where(HOOKS.owner == caller.subject)


def webhooks(caller: Caller, operate: StrEnum) -> Listed:
    """The list of webhooks."""
    order = {"created_at": HOOKS.created_at}
    listing = Listing(_wire(caller), order, "-created_at", HOOKS.id)
    return Listed(listing, visible_to(caller, operate))


async def webhook(
    reading: Reading, webhook_id: UUID, visible: Rows | None = None
) -> Stored:
    """A webhook, among the visible ones."""
    rows = select(WEBHOOKS) if visible is None else visible
    columns = stored_columns(_wire(reading.caller), HOOKS.id, HOOKS.version)
    statement = rows.with_only_columns(*columns).where(HOOKS.id == webhook_id)
    return await reading.stored(statement, NotFound)


def deliveries(webhook_id: UUID, query: DeliveryList) -> Listed:
    """The list of a webhook's deliveries."""
    rows: Rows = select(DELIVERIES).where(SENT.webhook_id == webhook_id)
    if query.state is not None:
        rows = rows.where(SENT.state == query.state)
    if query.kind is not None:
        rows = rows.where(SENT.kind == query.kind)
    return Listed(_DELIVERIES, rows)


async def delivery(reading: Reading, webhook_id: UUID, delivery_id: UUID) -> Stored:
    """One delivery of a webhook."""
    columns = stored_columns(_DELIVERY, SENT.id, SENT.version)
    statement = select(*columns).where(
        SENT.id == delivery_id, SENT.webhook_id == webhook_id
    )
    return await reading.stored(statement, NotFound)
