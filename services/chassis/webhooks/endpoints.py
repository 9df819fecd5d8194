"""/webhooks of a service: subscriptions to its events, and their state."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, NamedTuple

from fastapi import Depends, Query
from pydantic_core import from_json, to_json
from starlette.requests import Request

from services.chassis.ground import clock
from services.chassis.ground.problems import (
    NotFound,
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.sending.signing import WebhooksNotSetUp, keyring_of, secret_text
from services.chassis.sending.targets import demand_receiver
from services.chassis.serving.events import require_known
from services.chassis.serving.feed_cursors import Cursors, Feed
from services.chassis.serving.routes import SliceRouter, router
from services.chassis.trust.callers import Caller
from services.chassis.trust.identity import requires
from services.chassis.trust.vault import Keyring, SealedBy
from services.chassis.web.answers import (
    Answer,
    Terms,
    created_answer,
    page_answer,
    stored_answer,
)
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import ListQuery, Page, page_of
from services.chassis.web.units import Change, Reading
from services.chassis.webhooks import owning, shown
from services.chassis.webhooks.delivery_endpoints import add_deliveries
from services.chassis.webhooks.owning import Created, WebhookQuotaReached
from services.chassis.webhooks.schemas import (
    ReplayAsked,
    SecretRotation,
    WebhookCreate,
    WebhookRead,
    WebhookUpdate,
    WebhookWithSecret,
)

_CONDITIONAL = (NotFound, StateConflict, PreconditionRequired, VersionMismatch)


class Mounted(NamedTuple):
    """The service of the routes, its feed, and the permission of its operators."""

    service: str
    feed: Feed
    operate: StrEnum


async def _keyring(request: Request) -> Keyring:
    return keyring_of(request.app.state.settings.webhook_keyring_file)


Ring = Annotated[Keyring, Depends(_keyring)]


async def _sealed_answer(request: Request) -> None:
    """The answer holds a secret: it is kept sealed for repeats of the request."""
    request.scope["splot.kept_answers"] = SealedBy(await _keyring(request))


def webhook_routes(service: str, feed: Feed, operate: StrEnum) -> SliceRouter:
    """`/webhooks`: everybody's own, and the state of all for `operate`."""
    routes = router(prefix="/webhooks", tags=["webhooks"])
    mounted = Mounted(service, feed, operate)
    _add_creating(routes, mounted)
    _add_reading(routes, mounted)
    _add_changing(routes, mounted)
    _add_secrets(routes, mounted)
    _add_replay(routes, mounted)
    _add_enabling(routes, mounted)
    _add_ending(routes, mounted)
    add_deliveries(routes, service, feed, operate)
    return routes


def _with_secret(new: Created) -> bytes:
    return to_json(from_json(new.stored.body) | {"secret": secret_text(new.secret)})


def _uncached(answer: Answer) -> Answer:
    # No cache on the way keeps a secret.
    answer.headers["cache-control"] = "no-store"
    return answer


def _add_creating(routes: SliceRouter, mounted: Mounted) -> None:
    @routes.post(
        "",
        status_code=201,
        name=f"create_{mounted.service}_webhook",
        dependencies=[Depends(_sealed_answer)],
        responses=answers(
            WebhookWithSecret, WebhookQuotaReached, WebhooksNotSetUp, status=201
        ),
    )
    async def create_webhook(
        request: Request,
        caller: Annotated[Caller, requires(mounted.feed.permission)],
        ring: Ring,
        change: Change,
        new: WebhookCreate,
    ) -> Answer:
        """Have events sent as they happen: those that the caller would see in the feed, and no others.

        The secret that signs them is shown only in this answer. The rights of this request's token are judged at
        each sending, for three days: present another token before that, by `renew`. At most twenty per caller.
        """
        settings = request.app.state.settings
        await demand_receiver(new.url, loopback=settings.webhook_loopback)
        owning.demand_types(new.types, mounted.feed)
        created = await owning.create(change, ring, new, clock.now())
        stored = created.stored._replace(body=_with_secret(created).decode())
        location = f"/v1/{mounted.service}/webhooks/{stored.key}"
        return _uncached(created_answer(stored, location))


def _add_reading(routes: SliceRouter, mounted: Mounted) -> None:
    feed, operate = mounted.feed, mounted.operate

    @routes.get(
        "",
        name=f"list_{mounted.service}_webhooks",
        responses=answers(Page[WebhookRead]),
    )
    async def list_webhooks(
        caller: Annotated[Caller, requires(feed.permission)],
        reading: Reading,
        terms: Terms,
        query: Annotated[ListQuery, Query()],
    ) -> Answer:
        """The caller's webhooks, newest first; for operators all of the service's, without their addresses."""
        listed = shown.webhooks(caller, operate)
        return page_answer(await page_of(reading, terms, query, listed), terms)

    @routes.get(
        "/{webhook_id}",
        name=f"get_{mounted.service}_webhook",
        responses=answers(WebhookRead, NotFound),
    )
    async def get_webhook(
        caller: Annotated[Caller, requires(feed.permission)],
        reading: Reading,
        terms: Terms,
        webhook_id: Id,
    ) -> Answer:
        """A webhook: its state, why it is disabled, since when it fails. Never its secret."""
        visible = shown.visible_to(caller, operate)
        return stored_answer(await shown.webhook(reading, webhook_id, visible), terms)


def _add_changing(routes: SliceRouter, mounted: Mounted) -> None:
    @routes.patch(
        "/{webhook_id}",
        name=f"update_{mounted.service}_webhook",
        responses=answers(WebhookRead, *_CONDITIONAL),
    )
    async def update_webhook(
        request: Request,
        caller: Annotated[Caller, requires(mounted.feed.permission)],
        change: Change,
        webhook_id: Id,
        new: WebhookUpdate,
        if_match: IfMatch = None,
    ) -> Answer:
        """Another address, or other types. Events that failed at the old address are tried at once at the new one."""
        version = expected_version(if_match, webhook_id)
        if new.url is not None:
            settings = request.app.state.settings
            await demand_receiver(new.url, loopback=settings.webhook_loopback)
        owning.demand_types(new.types or [], mounted.feed)
        webhook = owning.change_own(change, webhook_id, version, new, clock.now())
        return stored_answer(await webhook)

    @routes.post(
        "/{webhook_id}/renew",
        name=f"renew_{mounted.service}_webhook",
        responses=answers(WebhookRead, NotFound, StateConflict),
    )
    async def renew_webhook(
        caller: Annotated[Caller, requires(mounted.feed.permission)],
        change: Change,
        webhook_id: Id,
    ) -> Answer:
        """Let the rights of this request's token count for the next three days; events outside them are no longer sent.

        Renewing conflicts with nothing, so no If-Match.
        """
        return stored_answer(await owning.renew(change, webhook_id, clock.now()))


def _add_secrets(routes: SliceRouter, mounted: Mounted) -> None:
    @routes.post(
        "/{webhook_id}/rotate-secret",
        name=f"rotate_{mounted.service}_webhook_secret",
        dependencies=[Depends(_sealed_answer)],
        responses=answers(WebhookWithSecret, *_CONDITIONAL, WebhooksNotSetUp),
    )
    async def rotate_webhook_secret(
        caller: Annotated[Caller, requires(mounted.feed.permission)],
        ring: Ring,
        change: Change,
        webhook_id: Id,
        rotation: SecretRotation,
        if_match: IfMatch = None,
    ) -> Answer:
        """A new secret, shown only in this answer. For `keep_hours` messages are signed by both secrets."""
        version = expected_version(if_match, webhook_id)
        until = clock.now() + timedelta(hours=rotation.keep_hours)
        created = await owning.rotate_secret(change, ring, webhook_id, version, until)
        stored = created.stored._replace(body=_with_secret(created).decode())
        return _uncached(stored_answer(stored))


def _add_replay(routes: SliceRouter, mounted: Mounted) -> None:
    @routes.post(
        "/{webhook_id}/replay",
        name=f"replay_{mounted.service}_webhook",
        responses=answers(WebhookRead, *_CONDITIONAL),
    )
    async def replay_webhook(
        request: Request,
        caller: Annotated[Caller, requires(mounted.feed.permission)],
        change: Change,
        webhook_id: Id,
        start: ReplayAsked,
        if_match: IfMatch = None,
    ) -> Answer:
        """Send again, in order, everything after a cursor of the event feed; receivers know events by their ids."""
        version = expected_version(if_match, webhook_id)
        path = f"/v1/{mounted.service}/events"
        place = Cursors(request, caller, mounted.feed, "", path).opened(start.after)
        await require_known(change, place)
        passed, now = place.passed, clock.now()
        webhook = owning.replay_from(change, webhook_id, version, passed, now)
        return stored_answer(await webhook)


def _add_enabling(routes: SliceRouter, mounted: Mounted) -> None:
    @routes.post(
        "/{webhook_id}/enable",
        name=f"enable_{mounted.service}_webhook",
        responses=answers(WebhookRead, *_CONDITIONAL),
    )
    async def enable_webhook(
        caller: Annotated[Caller, requires(mounted.feed.permission)],
        change: Change,
        webhook_id: Id,
        if_match: IfMatch = None,
    ) -> Answer:
        """Go on where sending stopped, with the rights of this request's token."""
        version = expected_version(if_match, webhook_id)
        webhook = owning.enable(change, webhook_id, version, clock.now())
        return stored_answer(await webhook)


def _add_ending(routes: SliceRouter, mounted: Mounted) -> None:
    permission, operate = mounted.feed.permission, mounted.operate

    @routes.post(
        "/{webhook_id}/disable",
        name=f"disable_{mounted.service}_webhook",
        responses=answers(WebhookRead, *_CONDITIONAL),
    )
    async def disable_webhook(
        caller: Annotated[Caller, requires(permission)],
        change: Change,
        webhook_id: Id,
        if_match: IfMatch = None,
    ) -> Answer:
        """Send nothing more until it is enabled: an own webhook, or as an operator anybody's."""
        version = expected_version(if_match, webhook_id)
        visible = shown.visible_to(caller, operate)
        return stored_answer(await owning.disable(change, visible, webhook_id, version))

    @routes.post(
        "/{webhook_id}/revoke",
        name=f"revoke_{mounted.service}_webhook",
        responses=answers(WebhookRead, *_CONDITIONAL),
    )
    async def revoke_webhook(
        caller: Annotated[Caller, requires(permission)],
        change: Change,
        webhook_id: Id,
        if_match: IfMatch = None,
    ) -> Answer:
        """End an own webhook for good; it stays readable with its deliveries."""
        version = expected_version(if_match, webhook_id)
        return stored_answer(await owning.revoke(change, webhook_id, version))
