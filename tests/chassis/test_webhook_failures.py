"""What happens when a receiver does not take what it is sent, or whoever sends it dies."""

import asyncio
import json
from datetime import timedelta

import httpx
import pytest

from services.chassis.data.database import Database
from services.chassis.sending import posting, rights
from services.chassis.sending.outcomes import Outcome, pause_after
from services.chassis.sending.senders import delete_old_deliveries
from tests.chassis.conftest import Admin
from tests.chassis.webhooks_tried import (
    URL,
    Clock,
    create,
    deliveries,
    do,
    owner,
    read,
    sender_of,
    sending,
    subjects,
    tell,
)
from tests.support.problems import assert_problem
from tests.support.receiver import Receiver, answer


async def test_what_fails_is_tried_again_later_and_the_others_wait_behind_it(
    idle_depot: httpx.AsyncClient, depot_database: Database, receiver: Receiver
) -> None:
    hook, now = await create(idle_depot, receiver.url()), Clock()
    await tell(depot_database, "goods/1", "goods/2")
    receiver.answers["/"] = [answer(500), answer(503, "Retry-After: 90")]
    async with sending(depot_database, now) as sender:
        await sender.send_due()
        await sender.send_due()
        assert subjects(receiver.sent) == ["goods/1"]
        failing = await read(idle_depot, hook)
        assert (failing["state"], failing["failing_since"] is None) == ("active", False)
        assert failing["version"] == hook["version"] + 1
        now.forward(seconds=6)
        await sender.send_due()
        now.forward(seconds=80)
        await sender.send_due()
        assert subjects(receiver.sent) == ["goods/1"] * 2, "the receiver asked for ninety seconds"
        now.forward(seconds=11)
        await sender.send_due()
    assert subjects(receiver.sent) == ["goods/1"] * 3 + ["goods/2"]
    assert len({each.headers["webhook-id"] for each in receiver.sent[:3]}) == 1
    assert (await read(idle_depot, hook))["failing_since"] is None
    first, second = await deliveries(idle_depot, hook)
    assert (first["state"], first["attempts"], first["status"]) == ("delivered", 3, 204)
    assert second["attempts"] == 1


async def test_three_days_of_failures_put_the_event_aside_and_disable_until_the_owner_looks(
    idle_depot: httpx.AsyncClient, depot_database: Database, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rights, "RIGHTS_LAST", timedelta(days=30))
    hook, now = await create(idle_depot, receiver.url()), Clock()
    await tell(depot_database, "goods/1", "goods/2")
    receiver.answers["/"] = [answer(404)] * 40
    async with sending(depot_database, now) as sender:
        await sender.send_due()
        while (await read(idle_depot, hook))["state"] == "active":
            now.forward(hours=6)
            await sender.send_due()
        assert now.ahead == timedelta(days=3)
        disabled = await read(idle_depot, hook)
        assert (disabled["state"], disabled["reason"]) == ("disabled", "failing")
        [letter] = await deliveries(idle_depot, hook, state="failed")
        assert (letter["fault"], letter["status"], letter["attempts"]) == ("refused", 404, 13)
        receiver.answers["/"] = []
        await do(idle_depot, hook, "enable")
        sent = len(receiver.sent)
        await idle_depot.post(f"{URL}/{hook['id']}/deliveries/{letter['id']}/replay", headers=owner())
        await sender.send_due()
    assert subjects(receiver.sent[sent:]) == ["goods/1", "goods/2"]
    assert receiver.sent[sent].headers["webhook-id"] == letter["event_id"]
    assert json.loads(receiver.sent[sent].body) == json.loads(receiver.sent[0].body)


async def test_a_receiver_that_is_gone_is_sent_nothing_more(
    idle_depot: httpx.AsyncClient, depot_database: Database, receiver: Receiver
) -> None:
    hook = await create(idle_depot, receiver.url())
    await tell(depot_database, "goods/1", "goods/2")
    receiver.answers["/"] = [answer(410)]
    async with sending(depot_database) as sender:
        await sender.send_due()
        await sender.send_due()
        found = await read(idle_depot, hook)
        assert (found["state"], found["reason"], len(receiver.sent)) == ("disabled", "gone", 1)
        refused = await do(idle_depot, hook, "disable", status=409)
        assert (refused["state"], "enable" in refused["allowed"]) == ("disabled", True)
        await do(idle_depot, hook, "enable")
        await sender.send_due()
    assert subjects(receiver.sent) == ["goods/1", "goods/1", "goods/2"]


async def test_another_address_is_tried_for_three_days_of_its_own(
    idle_depot: httpx.AsyncClient, depot_database: Database, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rights, "RIGHTS_LAST", timedelta(days=30))
    hook, now = await create(idle_depot, receiver.url()), Clock()
    await tell(depot_database, "goods/1")
    receiver.answers["/"], receiver.answers["/new"] = [answer(500)], [answer(500)]
    async with sending(depot_database, now) as sender:
        await sender.send_due()
        now.forward(days=4)
        tag = (await read(idle_depot, hook))["version"]
        headers = owner() | {"if-match": f'"{hook["id"]}:{tag}"', "content-type": "application/merge-patch+json"}
        moved = await idle_depot.patch(f"{URL}/{hook['id']}", json={"url": receiver.url("/new")}, headers=headers)
        assert (moved.status_code, moved.json()["failing_since"]) == (200, None)
        await sender.send_due()
        assert (await read(idle_depot, hook))["state"] == "active"
        now.forward(minutes=1)
        await sender.send_due()
    assert subjects(receiver.of("/new")) == ["goods/1"] * 2


async def _endless(writer: asyncio.StreamWriter) -> None:
    """Of 1 GB as much as is taken."""
    writer.write(b"HTTP/1.1 200 X\r\nContent-Length: 1000000000\r\nContent-Encoding: gzip\r\n\r\n")
    for _ in range(15_000):
        writer.write(b"\0" * 65_536)
        await writer.drain()
    raise AssertionError("all of it was read")


async def _silent(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 X\r\nContent-Length: 10\r\n\r\n")
    await asyncio.Event().wait()


async def test_no_redirect_is_followed_and_no_answer_read_to_its_end(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    poster = posting.Poster(loopback=True)
    moved = answer(307, f"Location: {receiver.url('/inside')}")
    receiver.answers["/"] = [moved, _endless, _silent]
    try:
        redirected = await poster.post(receiver.url(), {}, "{}")
        assert (redirected.status, redirected.fault_code, receiver.of("/inside")) == (307, "redirected", [])
        assert (await poster.post(receiver.url(), {}, "{}")).is_delivered
        monkeypatch.setattr(posting, "SECONDS", 0.1)
        assert await poster.post(receiver.url(), {}, "{}") == Outcome(None, "timeout")
        assert await poster.post("http://127.0.0.1:1/", {}, "{}") == Outcome(None, "connection_failed")
    finally:
        await poster.close()


async def test_what_a_killed_process_was_sending_is_sent_again_by_the_same_id(
    idle_depot: httpx.AsyncClient, depot_database: Database, receiver: Receiver
) -> None:
    class Killed:
        """Sends, and hears no answer any more."""

        async def post(self, url: str, headers: dict[str, str], body: str) -> Outcome:
            await poster.post(url, headers, body)
            raise ConnectionError

    await create(idle_depot, receiver.url())
    await tell(depot_database, "goods/1", "goods/2")
    poster, now = posting.Poster(loopback=True), Clock()
    await sender_of(depot_database, Killed(), now).send_due()
    await sender_of(depot_database, poster, now).send_due()
    assert subjects(receiver.sent) == ["goods/1"], "another may be at it still"
    now.forward(seconds=31)
    await sender_of(depot_database, poster, now).send_due()
    await poster.close()
    assert subjects(receiver.sent) == ["goods/1", "goods/1", "goods/2"]
    assert receiver.sent[0].headers["webhook-id"] == receiver.sent[1].headers["webhook-id"]


async def test_the_owner_goes_on_without_an_event_that_is_not_taken(
    idle_depot: httpx.AsyncClient, depot_database: Database, receiver: Receiver
) -> None:
    hook = await create(idle_depot, receiver.url())
    await tell(depot_database, "goods/1", "goods/2")
    receiver.answers["/"] = [answer(400)]
    async with sending(depot_database) as sender:
        await sender.send_due()
        [waiting] = await deliveries(idle_depot, hook, state="waiting")
        place = f"{URL}/{hook['id']}/deliveries/{waiting['id']}/put-aside"
        aside = await idle_depot.post(place, headers=owner())
        assert (aside.status_code, aside.json()["state"]) == (200, "failed")
        refused = assert_problem(await idle_depot.post(place, headers=owner()), 409, "state-conflict")
        assert refused["allowed"] == ["replay"]
        await sender.send_due()
    assert subjects(receiver.sent) == ["goods/1", "goods/2"]


async def test_what_became_of_events_is_forgotten_after_thirty_days_but_for_what_waits(
    idle_depot: httpx.AsyncClient, depot_database: Database, receiver: Receiver, admin: Admin
) -> None:
    hook = await create(idle_depot, receiver.url())
    await tell(depot_database, "goods/1", "goods/2", "goods/3")
    receiver.answers["/"] = [answer(204), answer(204), answer(500)]
    async with sending(depot_database) as sender:
        await sender.send_due()
    _, second, waiting = await deliveries(idle_depot, hook)
    aged = "UPDATE webhook_deliveries SET created_at = now() - interval '30 days 1 minute' WHERE id <> $1"
    await admin.execute(aged, second["id"])
    await delete_old_deliveries(depot_database)
    assert {one["id"] for one in await deliveries(idle_depot, hook)} == {second["id"], waiting["id"]}


def test_pauses_grow_to_six_hours_and_are_not_all_alike() -> None:
    first = {pause_after(1) for _ in range(50)}
    assert min(first) >= timedelta(seconds=2.5)
    assert max(first) <= timedelta(seconds=5)
    assert len(first) > 10
    assert timedelta(hours=3) <= pause_after(500) <= timedelta(hours=6)
    assert pause_after(1, 90) == timedelta(seconds=90)
