"""Many who want one place at once: real transactions."""

import asyncio
from collections import Counter

import httpx
import pytest

from tests.registry.reservations.stories import BEGIN, Places, after, reference, set_clock
from tests.support.callers import call_as
from tests.support.records import add_territory, fetch

COORDINATORS = [
    call_as("county_coordinator", subject=f"coordinator {number}", institution=None) for number in range(20)
]


@pytest.fixture
async def registry(racing_registry: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> httpx.AsyncClient:
    set_clock(monkeypatch, BEGIN)
    await add_territory(racing_registry)
    return racing_registry


async def test_of_twenty_coordinators_who_want_the_last_place_one_gets_it(registry: httpx.AsyncClient) -> None:
    places = await Places.offered(registry, capacity=9, free_places=1)
    asked = [places.ask(number, caller) for number, caller in enumerate(COORDINATORS)]
    answers = await asyncio.gather(*asked)
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 19}
    assert {answer.json()["type"] for answer in answers if answer.status_code == 409} == {"/problems/no-free-places"}
    assert await fetch(registry, "SELECT free_places, version FROM support_services") == [(0, 2)]
    [held] = await places.held()
    [winner] = [answer.json() for answer in answers if answer.status_code == 201]
    assert held == winner
    assert await fetch(registry, "SELECT count(*) FROM events WHERE type LIKE '%.reservation.%'") == [(1,)]


async def test_a_place_that_has_just_expired_is_given_to_one_of_twenty(
    registry: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = await Places.offered(registry, capacity=2, free_places=2)
    first, second = await places.reserve(101), await places.reserve(102)
    await places.done("take", second)
    set_clock(monkeypatch, after(days=14))
    asked = [places.ask(number, caller) for number, caller in enumerate(COORDINATORS)]
    late = [places.do("take", first), places.do("release", first)]
    *answers, take, release = await asyncio.gather(*asked, *late)
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 19}
    assert {take.status_code, release.status_code} <= {409, 412}
    assert await fetch(registry, "SELECT free_places FROM support_services") == [(0,)]
    expired = await fetch(registry, "SELECT subject FROM events WHERE type = 'registry.reservation.expired'")
    assert [row.subject.rpartition("/")[2] for row in expired] == [first["id"]]


async def test_one_referral_that_asks_twenty_times_at_once_gets_one_place(registry: httpx.AsyncClient) -> None:
    places = await Places.offered(registry, capacity=20, free_places=20)
    answers = await asyncio.gather(*[places.ask(7, caller) for caller in COORDINATORS])
    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 19}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await places.free() == 19


async def test_a_place_given_back_twenty_times_at_once_comes_back_once(registry: httpx.AsyncClient) -> None:
    places = await Places.offered(registry, capacity=3, free_places=3)
    made = await places.reserve(1)
    verbs = ["release", "take"] * 10
    answers = await asyncio.gather(*[places.do(verb, made) for verb in verbs])
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 19}
    [done] = [verb for verb, answer in zip(verbs, answers, strict=True) if answer.is_success]
    assert await places.free() == (3 if done == "release" else 2)


async def test_where_only_the_capacity_is_known_it_is_not_exceeded(registry: httpx.AsyncClient) -> None:
    places = await Places.offered(registry, capacity=3)
    answers = await asyncio.gather(*[places.ask(number, caller) for number, caller in enumerate(COORDINATORS)])
    assert Counter(answer.status_code for answer in answers) == {201: 3, 409: 17}
    assert len(await places.held()) == 3


async def test_reservations_and_statements_at_once_never_make_more_places_than_there_are(
    registry: httpx.AsyncClient,
) -> None:
    places = await Places.offered(registry, capacity=5, free_places=5)
    asked = [places.ask(number, caller) for number, caller in enumerate(COORDINATORS)]
    stated = [places.state(free_places=number) for number in (5, 4, 3)]
    answers = await asyncio.gather(*asked, *stated)
    assert {answer.status_code for answer in answers} <= {200, 201, 409, 412, 422}
    held, free = await places.held(), await places.free()
    assert free is not None
    assert len(held) + free <= 5
    references = {item["referral_reference"] for item in held}
    assert references <= {reference(number) for number in range(20)}
