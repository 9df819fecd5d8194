"""What fails while events are followed: an event, a service, a page."""

from typing import Any

import httpx
import pytest

from services.chassis.data.database import Database
from services.chassis.data.work import Change
from services.chassis.following import following
from services.chassis.following.followers import FollowedEvent
from services.chassis.following.following import pause_after
from services.chassis.ground.problems import StateConflict, UpstreamTimeout, UpstreamUnavailable
from tests.chassis.conftest import Admin
from tests.chassis.depot import take_order
from tests.chassis.followed import letters, run, taken
from tests.chassis.shop import Shop


def between(paused: list[float], longest: list[float]) -> bool:
    """Whether each pause is as long as it may be, or up to half shorter."""
    return all(0.5 * most <= pause <= most for pause, most in zip(paused, longest, strict=True))


async def test_a_poisoned_event_is_tried_five_times_and_then_the_others_flow(
    depot_database: Database, admin: Admin
) -> None:
    shop = Shop()
    shop.tell("a")
    shop.tell("a", poison=True)
    shop.tell("b")
    shop.tell("a")
    shop.tell("c")
    paused = await run(depot_database, shop, pauses=5)
    assert between(paused, [1, 2, 4, 8, 1])
    assert await taken(admin) == {"a": (1, "1"), "b": (1, "3"), "c": (1, "5")}
    assert await letters(admin) == [("internal", 5, "2"), ("behind_another", 0, "4")]
    assert shop.cursors()[-1] == "5"


async def test_every_poisoned_event_has_its_own_five_attempts(depot_database: Database, admin: Admin) -> None:
    shop, tries = Shop(), list[str]()
    for subject in ("a", "b"):
        shop.tell(subject)

    async def refuse(change: Change, event: FollowedEvent) -> None:
        tries.append(event.subject)
        raise StateConflict(state="closed")

    await run(depot_database, shop, refuse, pauses=9)
    assert tries == ["a"] * 5 + ["b"] * 5
    assert await letters(admin) == [("state-conflict", 5, "1"), ("state-conflict", 5, "2")]


async def test_attempts_are_counted_over_a_restart(depot_database: Database, admin: Admin) -> None:
    shop = Shop()
    shop.tell(poison=True)
    for _ in range(5):
        await run(depot_database, shop)
    assert await letters(admin) == [("internal", 5, "1")]


@pytest.mark.parametrize("outage", [UpstreamUnavailable(), UpstreamTimeout(), ConnectionError()])
async def test_an_outage_puts_nothing_aside(depot_database: Database, admin: Admin, outage: Exception) -> None:
    shop, silent = Shop(), [outage] * 30
    shop.tell()
    shop.tell()

    async def need_another(change: Change, event: FollowedEvent) -> None:
        if silent:
            raise silent.pop()
        await take_order(change, event)

    paused = await run(depot_database, shop, need_another, pauses=31)
    assert max(paused) <= 60
    assert min(paused[6:30]) >= 30
    assert await taken(admin) == {"a": (2, "1 2")}
    assert await letters(admin) == []


async def test_what_never_becomes_available_is_put_aside_too(
    depot_database: Database, admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "MOST_ATTEMPTS_UNAVAILABLE", 7)
    shop = Shop()
    shop.tell()

    async def need_another(change: Change, event: FollowedEvent) -> None:
        raise UpstreamUnavailable

    await run(depot_database, shop, need_another, pauses=7)
    assert await letters(admin) == [("upstream-unavailable", 7, "1")]


async def test_a_silent_service_is_asked_ever_more_rarely_and_then_caught_up_with(
    depot_database: Database, admin: Admin
) -> None:
    shop = Shop(faults=[httpx.ConnectError("down")] * 20)
    shop.tell()
    paused = await run(depot_database, shop, pauses=11)
    assert len(shop.asked) == 20 + 2, "a lost connection is tried once more, so ten times two; then a page and its end"
    assert between(paused, [1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 1])
    assert await taken(admin) == {"a": (1, "1")}


async def test_a_service_that_does_not_wait_is_not_asked_in_a_circle(
    depot_database: Database,
) -> None:
    shop = Shop()
    paused = await run(depot_database, shop, pauses=25)
    assert len(shop.asked) == 25
    assert min(paused) >= 0.5
    assert {request.url.params["wait"] for request in shop.asked} == {"20"}
    assert {request.headers["authorization"] for request in shop.asked} == {"Bearer mine"}


async def test_a_service_that_gives_the_same_page_again_and_again_is_not_asked_in_a_circle(
    depot_database: Database, admin: Admin
) -> None:
    shop = Shop(move=lambda _: 0)
    shop.tell()
    await run(depot_database, shop, pauses=5)
    assert len(shop.asked) == 5
    assert await taken(admin) == {"a": (1, "1")}


async def test_a_cursor_that_is_refused_begins_the_feed_anew_without_a_second_effect(
    depot_database: Database, admin: Admin
) -> None:
    shop = Shop(at_once=2)
    for _ in range(3):
        shop.tell()
    await run(depot_database, shop)
    shop.refused = ("3",)
    shop.asked.clear()
    shop.tell()
    await run(depot_database, shop, pauses=2)
    assert shop.cursors() == ["3", "0", "2", "4"]
    assert await taken(admin) == {"a": (4, "1 2 3 4")}


@pytest.mark.parametrize("broken", [{"id": "x"}, {"traceid": "a\nb"}, {"sequence": None}])
async def test_a_page_that_is_no_page_moves_nothing(depot_database: Database, broken: dict[str, Any]) -> None:
    shop = Shop(deliver=lambda events: [{**events[0], **broken}])
    shop.tell()
    await run(depot_database, shop, pauses=3)
    assert shop.cursors() == ["0"] * 3


def test_a_pause_is_never_short_and_never_longer_than_a_minute() -> None:
    assert all(0.5 <= pause_after(failures) <= 60 for failures in range(1, 200))
    assert len({pause_after(8) for _ in range(20)}) > 1
