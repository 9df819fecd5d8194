"""/webhooks/{id}/deliveries: what was sent or put aside, and sending it again."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.chassis.data.work import Stored
from services.chassis.ground import clock
from services.chassis.ground.problems import NotFound, RateLimited, StateConflict
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.feed_cursors import Feed
from services.chassis.trust.callers import Caller
from services.chassis.trust.identity import requires
from services.chassis.web.answers import Answer, Terms, page_answer, stored_answer
from services.chassis.web.listing import Page, page_of
from services.chassis.web.units import Change, Reading
from services.chassis.webhooks import owning, shown
from services.chassis.webhooks.schemas import DeliveryList, DeliveryRead

_ALL = "/{webhook_id}/deliveries"
_ONE = _ALL + "/{delivery_id}"


def add_deliveries(
    routes: APIRouter, service: str, feed: Feed, operate: StrEnum
) -> None:
    """Deliveries of a webhook, and a test."""
    _add_reading(routes, service, feed, operate)
    _add_testing(routes, service, feed)
    _add_replay(routes, service, feed)
    _add_putting_aside(routes, service, feed)


def _add_reading(routes: APIRouter, service: str, feed: Feed, operate: StrEnum) -> None:
    @routes.get(
        _ALL,
        name=f"list_{service}_webhook_deliveries",
        responses=answers(Page[DeliveryRead], NotFound),
    )
    async def list_webhook_deliveries(
        caller: Annotated[Caller, requires(feed.permission)],
        reading: Reading,
        terms: Terms,
        webhook_id: Id,
        query: Annotated[DeliveryList, Query()],
    ) -> Answer:
        """Deliveries of the last thirty days, newest first; `state=failed` are those put aside.

        Never the content of an event.
        """
        # The owner is checked first: another's webhook is as unknown as none.
        await shown.webhook(reading, webhook_id, shown.visible_to(caller, operate))
        listed = shown.deliveries(webhook_id, query)
        return page_answer(await page_of(reading, terms, query, listed), terms)

    @routes.get(
        _ONE,
        name=f"get_{service}_webhook_delivery",
        responses=answers(DeliveryRead, NotFound),
    )
    async def get_webhook_delivery(
        caller: Annotated[Caller, requires(feed.permission)],
        reading: Reading,
        terms: Terms,
        webhook_id: Id,
        delivery_id: Id,
    ) -> Answer:
        """One delivery: how often it was tried, and what the receiver answered."""
        await shown.webhook(reading, webhook_id, shown.visible_to(caller, operate))
        stored = await shown.delivery(reading, webhook_id, delivery_id)
        return stored_answer(stored, terms)


def _accepted(service: str, webhook_id: UUID, stored: Stored) -> Answer:
    """202 with the delivery and where to follow it."""
    answer = stored_answer(stored)
    answer.status_code = 202
    place = f"/v1/{service}/webhooks/{webhook_id}/deliveries/{stored.key}"
    answer.headers["location"] = place
    return answer


def _add_testing(routes: APIRouter, service: str, feed: Feed) -> None:
    @routes.post(
        "/{webhook_id}/test",
        status_code=202,
        name=f"test_{service}_webhook",
        dependencies=[requires(feed.permission)],
        responses=answers(
            DeliveryRead, NotFound, StateConflict, RateLimited, status=202
        ),
    )
    async def test_webhook(
        change: Change,
        webhook_id: Id,
    ) -> Answer:
        """Send an event about nothing but the webhook, once, also while it is disabled: see the delivery."""
        delivery = await owning.ask_for_test(change, webhook_id, service)
        return _accepted(service, webhook_id, delivery)


def _add_replay(routes: APIRouter, service: str, feed: Feed) -> None:
    @routes.post(
        _ONE + "/replay",
        status_code=202,
        name=f"replay_{service}_webhook_delivery",
        dependencies=[requires(feed.permission)],
        responses=answers(
            DeliveryRead, NotFound, StateConflict, RateLimited, status=202
        ),
    )
    async def replay_webhook_delivery(
        change: Change,
        webhook_id: Id,
        delivery_id: Id,
    ) -> Answer:
        """Send an event once more, beside the order of the others, if the owner may still read it."""
        delivery = await owning.ask_for_replay(change, webhook_id, delivery_id)
        return _accepted(service, webhook_id, delivery)


def _add_putting_aside(routes: APIRouter, service: str, feed: Feed) -> None:
    @routes.post(
        _ONE + "/put-aside",
        name=f"put_{service}_webhook_delivery_aside",
        dependencies=[requires(feed.permission)],
        responses=answers(DeliveryRead, NotFound, StateConflict),
    )
    async def put_webhook_delivery_aside(
        change: Change,
        webhook_id: Id,
        delivery_id: Id,
    ) -> Answer:
        """Go on without the event that the receiver does not accept; it can be replayed later."""
        delivery = owning.put_aside(change, webhook_id, delivery_id, clock.now())
        return stored_answer(await delivery)
