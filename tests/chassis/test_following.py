"""Another service's events: each has its effect once and in order, whatever is delivered, killed or broken."""

import asyncio
import json
from contextlib import suppress
from typing import Any

import pytest

from services.chassis.data.database import Database
from services.chassis.data.work import Change
from services.chassis.following import inbox
from services.chassis.following.followers import FollowedEvent
from services.chassis.following.following import FeedRunner
from tests.chassis.conftest import Admin
from tests.chassis.depot import take_order
from tests.chassis.followed import letters, run, taken
from tests.chassis.shop import TRACE, Shop, follower


def deliver_twice_and_shuffled(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [*events[1::2], *reversed(events), *events[::2]]


async def test_an_event_that_is_delivered_often_and_out_of_order_has_its_effect_once_in_order(
    depot_database: Database, admin: Admin
) -> None:
    shop = Shop(at_once=4, deliver=deliver_twice_and_shuffled)
    for _ in range(10):
        shop.tell()
    await run(depot_database, shop)
    assert await taken(admin) == {"a": (10, "1 2 3 4 5 6 7 8 9 10")}
    assert shop.cursors() == ["0", "4", "8", "10"]


async def test_what_is_not_named_is_passed(depot_database: Database, admin: Admin) -> None:
    shop = Shop(at_once=2)
    for kind in ("shop.opened", "shop.opened", "shop.order.placed", "shop.opened"):
        shop.tell(kind=kind)
    await run(depot_database, shop)
    assert await taken(admin) == {"a": (1, "3")}
    assert shop.cursors() == ["0", "2", "4"]


async def test_the_position_survives_the_process(depot_database: Database, admin: Admin) -> None:
    shop = Shop()
    shop.tell()
    await run(depot_database, shop)
    shop.tell()
    shop.asked.clear()
    await run(depot_database, shop)
    assert shop.cursors()[0] == "1"
    assert await taken(admin) == {"a": (2, "1 2")}


async def test_an_effect_whose_process_is_killed_before_the_commit_comes_once(
    depot_database: Database, admin: Admin
) -> None:
    shop, reached = Shop(), asyncio.Event()
    shop.tell()

    async def hang(change: Change, event: FollowedEvent) -> None:
        await take_order(change, event)
        reached.set()
        await asyncio.Event().wait()

    killed = asyncio.create_task(run(depot_database, shop, hang))
    await reached.wait()
    killed.cancel()
    await asyncio.wait({killed})
    assert (killed.cancelled(), await taken(admin)) == (True, {})
    await run(depot_database, shop)
    assert await taken(admin) == {"a": (1, "1")}


async def test_a_follower_that_is_stopped_ends_whatever_error_hides_the_stop(
    depot_database: Database, admin: Admin
) -> None:
    shop, reached = Shop(), asyncio.Event()
    shop.tell()

    async def hide(change: Change, event: FollowedEvent) -> None:
        try:
            reached.set()
            await asyncio.Event().wait()
        finally:
            raise ConnectionError

    stopped = asyncio.create_task(FeedRunner(depot_database, follower(hide), shop.source()).run())
    await reached.wait()
    stopped.cancel()
    async with asyncio.timeout(60):
        await asyncio.wait({stopped})
    assert await admin.fetchval("SELECT count(*) FROM feed_positions") == 0, "no attempt failed"


async def test_a_commit_that_fails_is_followed_by_another_attempt_and_one_effect(
    depot_database: Database, admin: Admin
) -> None:
    shop, tries = Shop(), list[int]()
    shop.tell()

    async def lose_connection_once(change: Change, event: FollowedEvent) -> None:
        await take_order(change, event)
        tries.append(await change.fetchval("SELECT pg_backend_pid()"))
        if len(tries) == 1:
            await admin.fetchval("SELECT pg_terminate_backend($1, 5000)", tries[0])

    await run(depot_database, shop, lose_connection_once, pauses=2)
    assert len(tries) == 2
    assert await taken(admin) == {"a": (1, "1")}
    assert await letters(admin) == []


async def test_a_receipt_that_cannot_be_written_leaves_no_effect(
    depot_database: Database, admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Shop()
    shop.tell()

    async def fail(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(inbox, "give_receipt", fail)
        await run(depot_database, shop)
    assert await taken(admin) == {}
    await run(depot_database, shop)
    assert await taken(admin) == {"a": (1, "1")}


async def test_two_followers_of_one_feed_take_each_event_once_in_order(depot_database: Database, admin: Admin) -> None:
    both = asyncio.Barrier(2)
    shop = Shop(at_once=10, meanwhile=both.wait)
    for number in range(40):
        shop.tell("ab"[number % 2])
    runners = [FeedRunner(depot_database, follower(), shop.source()) for _ in range(2)]

    async def pull(runner: FeedRunner) -> None:
        # Whoever finds the other one at it begins again, as run() does.
        for _ in range(200):
            with suppress(inbox.TakenElsewhere):
                if not await runner.pull():
                    return

    async with asyncio.timeout(60):
        await asyncio.wait({asyncio.create_task(pull(runner)) for runner in runners}, return_when="FIRST_COMPLETED")
    await both.abort()
    shop.meanwhile = None
    await run(depot_database, shop)
    odd, even = (" ".join(str(number) for number in range(first, 41, 2)) for first in (1, 2))
    assert await taken(admin) == {"a": (20, odd), "b": (20, even)}
    assert await admin.fetchval("SELECT count(*) FROM feed_receipts") == 40


async def test_while_one_takes_an_event_another_waits(depot_database: Database, admin: Admin) -> None:
    shop, reached, go_on = Shop(), asyncio.Event(), asyncio.Event()
    interfering: list[FollowedEvent] = []
    shop.tell()

    async def take_slowly(change: Change, event: FollowedEvent) -> None:
        reached.set()
        await go_on.wait()
        await take_order(change, event)

    async def interfere(change: Change, event: FollowedEvent) -> None:
        interfering.append(event)

    first = asyncio.create_task(run(depot_database, shop, take_slowly))
    await reached.wait()
    assert len(await run(depot_database, shop, interfere, pauses=3)) == 3
    go_on.set()
    await first
    assert await taken(admin) == {"a": (1, "1")}
    assert interfering == []


async def test_an_event_is_carried_out_in_its_county_and_trace_for_the_feed(
    depot_database: Database, admin: Admin
) -> None:
    shop, seen = Shop(), list[tuple[str, frozenset[str], str]]()
    shop.tell()

    async def look(change: Change, event: FollowedEvent) -> None:
        reach = await change.fetchval("SELECT current_setting('app.counties')")
        seen.append((change.caller.subject, change.caller.counties, reach))
        await take_order(change, event)

    await run(depot_database, shop, look)
    assert seen == [("feed:shop", frozenset({"2469"}), "2469")]
    kept = await admin.fetchrow("SELECT actor, county_terc, trace_id, detail FROM audit_records")
    assert kept is not None
    assert (*kept[:3], json.loads(kept[3])) == ("feed:shop", "2469", TRACE, {"number": "1"})
    assert await admin.fetchval("SELECT trace_id FROM events") == TRACE


async def test_a_handler_that_undoes_its_change_does_not_lose_the_event(depot_database: Database, admin: Admin) -> None:
    shop = Shop()
    shop.tell()

    async def undo(change: Change, event: FollowedEvent) -> None:
        change.undo()

    await run(depot_database, shop, undo, pauses=5)
    assert await letters(admin) == [("internal", 5, "1")]
