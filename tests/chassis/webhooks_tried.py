"""Webhooks of the depot, as the tests make them, send by them and look at them."""

import json
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import httpx
from standardwebhooks import Webhook, WebhookVerificationError

from services.chassis.data.database import Database
from services.chassis.data.effects import Subject
from services.chassis.ground import clock
from services.chassis.sending.posting import Poster
from services.chassis.sending.rights import CallerOf
from services.chassis.sending.senders import Receivers, Sender
from services.chassis.sending.signing import keyring_of
from services.chassis.sending.taking import Terms
from tests.chassis import depot
from tests.conftest import KEYRING
from tests.support.callers import call_as
from tests.support.receiver import Sent

URL = "/v1/depot/webhooks"
Hook = dict[str, Any]


def owner(subject: str = "platform", scope: str = "depot:look depot:crates", **more: Any) -> dict[str, str]:
    """A program of a county's, with a key for whatever it asks."""
    return call_as(scope=scope, subject=subject, **more) | {"idempotency-key": str(uuid.uuid4())}


class Clock:
    """The time as senders see it, which a test sets forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return clock.now() + self.ahead

    def forward(self, **by: float) -> None:
        self.ahead += timedelta(**by)


def sender_of(
    database: Database, receivers: Receivers, now: Clock | None = None, caller_of: CallerOf | None = None
) -> Sender:
    """Somebody who sends, as a process of the depot would."""
    state = depot.app.state
    terms = Terms("depot", state.events, caller_of or state.caller_of, keyring_of(KEYRING))
    return Sender(database, terms, receivers, now or Clock())


@asynccontextmanager
async def sending(
    database: Database, now: Clock | None = None, caller_of: CallerOf | None = None
) -> AsyncIterator[Sender]:
    """A sender with connections of its own."""
    poster = Poster(loopback=True)
    try:
        yield sender_of(database, poster, now, caller_of)
    finally:
        await poster.close()


async def tell(database: Database, *names: str, kind: str = "goods.labelled", county: str | None = None) -> None:
    """Events of these subjects, each in a transaction of its own."""
    for name in names:
        async with database.change() as change:
            change.tell(kind, Subject(name, county=county))


async def create(client: httpx.AsyncClient, url: str, *types: str, **who: Any) -> Hook:
    """A webhook, with its secret."""
    answer = await client.post(URL, json={"url": url, "types": types}, headers=owner(**who))
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    made: Hook = answer.json()
    assert answer.headers["location"] == f"{URL}/{made['id']}"
    return made


async def read(client: httpx.AsyncClient, hook: Hook, **who: Any) -> Hook:
    """The webhook as it is shown now."""
    answer = await client.get(f"{URL}/{hook['id']}", headers=owner(**who))
    assert answer.status_code == 200, answer.text
    found: Hook = answer.json()
    assert "secret" not in found
    return found


async def do(
    client: httpx.AsyncClient, hook: Hook, verb: str, body: Any = None, *, status: int = 200, **who: Any
) -> Hook:
    """A verb of the webhook, by the version that it has now."""
    now = await read(client, hook)
    headers = owner(**who) | {"if-match": f'"{hook["id"]}:{now["version"]}"'}
    answer = await client.post(f"{URL}/{hook['id']}/{verb}", json=body, headers=headers)
    assert answer.status_code == status, answer.text
    found: Hook = answer.json()
    return found


async def deliveries(client: httpx.AsyncClient, hook: Hook, **query: str) -> Sequence[dict[str, Any]]:
    """What became of each, the oldest first."""
    asked = {"sort": "created_at", **query}
    answer = await client.get(f"{URL}/{hook['id']}/deliveries", params=asked, headers=owner())
    assert answer.status_code == 200, answer.text
    found: Sequence[dict[str, Any]] = answer.json()["items"]
    return found


def subjects(sent: Sequence[Sent]) -> list[str]:
    """What each was about, in the order in which they came."""
    return [json.loads(each.body)["subject"] for each in sent]


def is_signed(sent: Sent, secret: str) -> bool:
    """Whether a receiver with that secret takes it for ours."""
    try:
        Webhook(secret).verify(sent.body, sent.headers)
    except WebhookVerificationError:
        return False
    return True
