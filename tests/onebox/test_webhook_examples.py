"""Webhooks of the API document: their examples are of a message that a receiver took."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.chassis.data.database import Database
from services.chassis.data.effects import Subject
from services.chassis.ground import clock
from services.chassis.sending.posting import Poster
from services.chassis.sending.senders import Sender
from services.chassis.sending.signing import keyring_of
from services.chassis.sending.taking import Terms
from tests.conftest import KEYRING, racing
from tests.onebox.operations import operations
from tests.onebox.recorded import DELIVERED, RECORDING, ROOT, shape_amiss
from tests.support.callers import call_as
from tests.support.receiver import receiving
from tests.support.services import SERVICES, app_called

SHOWN_AT = "https://hooks.example.org/splot"
TOLD = {
    "registry": "institution.created",
    "screening": "campaign.opened",
    "casework": "pathway.published",
    "training": "group.opened",
}
"""Of each service an event that every follower of its feed is shown."""
PATHS = {
    "PageOfWebhookRead": ("list_{}_webhooks", ""),
    "WebhookRead": ("get_{}_webhook", "/{hook}"),
    "PageOfDeliveryRead": ("list_{}_webhook_deliveries", "/{hook}/deliveries"),
    "DeliveryRead": ("get_{}_webhook_delivery", "/{hook}/deliveries/{delivery}"),
}


def file_of(service: str) -> Path:
    return ROOT / "services" / service / "examples.json"


async def answers(service: str, client: httpx.AsyncClient, database: Database) -> dict[str, httpx.Response]:
    """A webhook, and what is read of it once its receiver took an event."""
    url, who = f"/v1/{service}/webhooks", call_as(scope="events:read", subject="platform")
    state = app_called(service).state
    async with receiving() as receiver:
        new = {"url": receiver.url("/splot"), "types": [f"{service}.{TOLD[service]}"]}
        made = await client.post(url, json=new, headers=who | {"idempotency-key": "one"})
        assert made.status_code == 201, made.text
        async with database.change() as change:
            change.tell(TOLD[service], Subject("subjects/1", 1))
        poster = Poster(loopback=True)
        try:
            terms = Terms(service, state.events, state.caller_of, keyring_of(KEYRING))
            await Sender(database, terms, poster, clock.now).send_due()
        finally:
            await poster.close()
    assert [json.loads(each.body)["type"] for each in receiver.sent] == new["types"]
    hook = made.json()["id"]
    [delivery] = (await client.get(f"{url}/{hook}/deliveries", headers=who)).json()["items"]
    ids = {"hook": hook, "delivery": delivery["id"]}
    return {name: await client.get(url + path.format(**ids), headers=who) for name, (_, path) in PATHS.items()}


@pytest.mark.parametrize("service", SERVICES)
async def test_what_is_told_of_webhooks_is_shown_by_one_that_was_delivered(
    admin_url: str, databases: dict[str, Database], service: str
) -> None:
    async with racing(service, admin_url, databases[service]) as client:
        read = await answers(service, client, databases[service])
    for name, (operation, _) in PATHS.items():
        assert (read[name].status_code, shape_amiss(operations()[operation.format(service)], read[name])) == (200, "")
    told: dict[str, Any] = {name: shown(answer.json()) for name, answer in read.items()}
    kept = json.loads(file_of(service).read_text(encoding="utf-8"))
    if RECORDING:
        kept = dict(sorted((kept | told).items()))
        file_of(service).write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert told.keys() == DELIVERED
    assert {name: alike(kept[name]) for name in told} == {name: alike(value) for name, value in told.items()}


def shown(answer: Any) -> Any:
    """With an address as receivers have it."""
    if isinstance(answer, list):
        return [shown(each) for each in answer]
    if isinstance(answer, dict):
        return {name: SHOWN_AT if name == "url" else shown(value) for name, value in answer.items()}
    return answer


def alike(answer: Any) -> Any:
    """Without what is of one moment: ids and instants."""
    if isinstance(answer, list):
        return [alike(each) for each in answer]
    if isinstance(answer, dict):
        of_moment = ("id", "event_id", "rights_until")
        kept = {name: value for name, value in answer.items() if name not in of_moment and not name.endswith("_at")}
        return {name: alike(value) for name, value in kept.items()}
    return answer
