"""Webhooks: what a receiver is sent, signed how, and in which order."""

import asyncio
import json

import httpx

from services.chassis.data.database import Database
from tests.chassis.conftest import Admin
from tests.chassis.webhooks_tried import (
    URL,
    Clock,
    create,
    deliveries,
    do,
    is_signed,
    owner,
    sending,
    subjects,
    tell,
)
from tests.support.problems import assert_problem
from tests.support.receiver import Receiver, answer


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
