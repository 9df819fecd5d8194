"""Webhooks: what a receiver is sent, signed how, in which order, and what happens when it does not take it."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from services.chassis.data.database import Database
from services.chassis.webhooks import posting, rights
from services.chassis.webhooks.outcomes import Outcome, pause_after
from services.chassis.webhooks.sending import delete_old_deliveries
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
    tell,
)
from tests.support.problems import assert_problem
from tests.support.receiver import Receiver, Sent, answer, receiving


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as listening:
        yield listening


def subjects(sent: list[Sent]) -> list[str]:
    return [json.loads(each.body)["subject"] for each in sent]


def is_signed(sent: Sent, secret: str) -> bool:
    try:
        Webhook(secret).verify(sent.body, sent.headers)
    except WebhookVerificationError:
        return False
    return True


async def test_events_come_signed_in_their_order_as_the_feed_has_them(
    idle_depot: httpx.AsyncClient, depot_database: Database, receiver: Receiver
) -> None:
    await tell(depot_database, "before")
    hook = await create(idle_depot, receiver.url("/hook?key=1"))
    await tell(depot_database, "goods/1", "goods/2", "goods/3")
    await tell(depot_database, "orders/1", kind="order.sent")
    only = await create(idle_depot, receiver.url("/orders"), "depot.order.sent")
    await tell(depot_database, "orders/2", kind="order.sent")
    async with sending(depot_database) as sender:
        await sender.send_due()
    feed = await idle_depot.get("/v1/depot/events", headers=owner())
    own = receiver.of("/hook?key=1")
    listed = [event | {"sequence": str(int(event["sequence"]) - 1)} for event in feed.json()["items"][1:]]
    assert [json.loads(each.body) for each in own] == listed
    assert [each.headers["webhook-id"] for each in own] == [event["id"] for event in listed]
    assert all(is_signed(each, hook["secret"]) and not is_signed(each, only["secret"]) for each in own)
    assert own[0].headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert subjects(receiver.of("/orders")) == ["orders/2"]
    told = await deliveries(idle_depot, hook)
    assert [(one["event_id"], one["state"], one["attempts"], one["status"]) for one in told] == [
        (event["id"], "delivered", 1, 204) for event in listed
    ]


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
        assert (redirected.status, redirected.told, receiver.of("/inside")) == (307, "redirected", [])
        assert (await poster.post(receiver.url(), {}, "{}")).is_delivered
        monkeypatch.setattr(posting, "SECONDS", 0.1)
        assert await poster.post(receiver.url(), {}, "{}") == Outcome(None, "timeout")
        assert await poster.post("http://127.0.0.1:1/", {}, "{}") == Outcome(None, "connection_failed")
    finally:
        await poster.close()


async def test_one_that_takes_its_time_holds_up_no_other(
    idle_depot: httpx.AsyncClient, depot_database: Database, receiver: Receiver
) -> None:
    await create(idle_depot, receiver.url("/slow"))
    await create(idle_depot, receiver.url("/quick"))
    await tell(depot_database, "goods/1", "goods/2", "goods/3")
    arrived, let_go, passed = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def slow(writer: asyncio.StreamWriter) -> None:
        arrived.set()
        await let_go.wait()
        writer.write(answer(204))

    async def last(writer: asyncio.StreamWriter) -> None:
        passed.set()
        writer.write(answer(204))

    receiver.answers |= {"/slow": [slow], "/quick": [answer(204), answer(204), last]}
    async with sending(depot_database) as sender, asyncio.timeout(30):
        running = asyncio.create_task(sender.send_due())
        await arrived.wait()
        await passed.wait()
        assert len(receiver.of("/slow")) == 1
        let_go.set()
        await running
    assert len(receiver.of("/slow")) == 3


async def test_two_processes_send_each_event_once(
    idle_depot: httpx.AsyncClient, depot_database: Database, receiver: Receiver
) -> None:
    for path in ("/a", "/b"):
        await create(idle_depot, receiver.url(path))
    names = [f"goods/{number}" for number in range(12)]
    await tell(depot_database, *names)
    arrived, let_go = asyncio.Event(), asyncio.Event()

    async def later(writer: asyncio.StreamWriter) -> None:
        arrived.set()
        await let_go.wait()
        writer.write(answer(204))

    receiver.answers["/a"] = [later]
    async with sending(depot_database) as first, sending(depot_database) as second, asyncio.timeout(60):
        running = asyncio.create_task(first.send_due())
        await arrived.wait()
        await second.send_due()
        assert subjects(receiver.of("/a")) == ["goods/0"], "the first is at it"
        let_go.set()
        await running
        await asyncio.gather(*[each.send_due() for each in (first, second)])
    assert (subjects(receiver.of("/a")), subjects(receiver.of("/b"))) == (names, names)


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


async def test_after_a_rotation_both_secrets_are_valid_for_a_time(
    idle_depot: httpx.AsyncClient, depot_database: Database, receiver: Receiver, admin: Admin
) -> None:
    hook, now = await create(idle_depot, receiver.url()), Clock()
    rotated = await do(idle_depot, hook, "rotate-secret", {"keep_hours": 2})
    old, new = hook["secret"], rotated["secret"]
    assert old != new
    async with sending(depot_database, now) as sender:
        for hours in (0, 1.9, 0.2):
            now.forward(hours=hours)
            await tell(depot_database, "goods/1")
            await sender.send_due()
    signed = [(is_signed(each, old), is_signed(each, new)) for each in receiver.sent]
    assert signed == [(True, True), (True, True), (False, True)]
    kept = await admin.fetch("SELECT secret, earlier_secret, NULL AS body FROM webhooks")
    kept += await admin.fetch("SELECT body, NULL, NULL FROM idempotency_keys")
    assert len(kept) == 3
    assert not [row for row in kept if old.encode() in repr([*row]).encode() or new in repr([*row])]


async def test_a_repeated_creation_gives_the_same_secret_and_no_second_webhook(
    idle_depot: httpx.AsyncClient, receiver: Receiver
) -> None:
    headers, body = owner(), {"url": receiver.url()}
    first, again = [await idle_depot.post(URL, json=body, headers=headers) for _ in range(2)]
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    assert len((await idle_depot.get(URL, headers=owner())).json()["items"]) == 1


async def test_a_test_comes_though_nothing_happened_and_is_asked_for_ten_times_at_most(
    idle_depot: httpx.AsyncClient, depot_database: Database, receiver: Receiver
) -> None:
    hook = await create(idle_depot, receiver.url())
    await do(idle_depot, hook, "disable")
    await tell(depot_database, "goods/1")
    asked = [await idle_depot.post(f"{URL}/{hook['id']}/test", headers=owner()) for _ in range(11)]
    assert [each.status_code for each in asked] == [202] * 10 + [429]
    assert asked[-1].headers["retry-after"] == "30"
    receiver.answers["/"] = [answer(500)]
    async with sending(depot_database) as sender:
        await sender.send_due()
    assert len(receiver.sent) == 10, "a test is sent once"
    assert is_signed(receiver.sent[0], hook["secret"])
    assert json.loads(receiver.sent[0].body)["type"] == "depot.webhook.tested"
    places = [each.headers["location"] for each in asked[:2]]
    ended = [(await idle_depot.get(place, headers=owner())).json() for place in places]
    assert [(each["state"], each["status"]) for each in ended] == [("failed", 500), ("delivered", 204)]


async def test_everything_after_a_cursor_is_sent_again(
    idle_depot: httpx.AsyncClient, depot_database: Database, receiver: Receiver
) -> None:
    await tell(depot_database, "goods/1", "goods/2", "goods/3")
    hook = await create(idle_depot, receiver.url())
    page = await idle_depot.get("/v1/depot/events", params={"limit": 1}, headers=owner())
    async with sending(depot_database) as sender:
        await sender.send_due()
        assert receiver.sent == []
        await do(idle_depot, hook, "replay", {"after": page.json()["next_cursor"]})
        await sender.send_due()
    assert subjects(receiver.sent) == ["goods/2", "goods/3"]
    assert [json.loads(each.body)["sequence"] for each in receiver.sent] == ["1", "2"]
    headers = owner() | {"if-match": f'"{hook["id"]}:2"'}
    stale = await idle_depot.post(f"{URL}/{hook['id']}/replay", json={"after": "7"}, headers=headers)
    assert assert_problem(stale, 422, "validation-failed")["errors"][0]["code"] == "stale_cursor"


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
