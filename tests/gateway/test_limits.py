"""How much at once, and how much for one caller."""

import asyncio

import pytest

from gateway.limits import MOST_CALLERS, CallerRates
from services.chassis.ground.problems import RateLimited
from tests.gateway.conftest import ANNA, BARTEK, Town
from tests.gateway.fakes import AssertProblem, request_bytes


async def test_more_requests_than_there_is_room_for_are_refused_at_once(
    town: Town, assert_problem: AssertProblem
) -> None:
    await town.open(max_requests=1, max_streams=1)
    town.registry.may_answer = asyncio.Event()
    waiting = asyncio.create_task(town.ask("/v1/registry/institutions"))
    await town.registry.asked.wait()
    refused = await town.ask("/v1/registry/institutions")
    assert_problem(refused, 503, "overloaded")
    assert refused.header("retry-after") == "1"
    assert (await town.ask("/livez")).status == 200
    town.registry.may_answer.set()
    assert (await waiting).status == 200
    assert (await town.ask("/v1/registry/institutions")).status == 200


async def test_long_requests_do_not_take_the_room_of_short_ones(town: Town, assert_problem: AssertProblem) -> None:
    await town.open(max_requests=1, max_streams=1)
    town.registry.may_answer = asyncio.Event()
    waiting = asyncio.create_task(town.ask("/v1/registry/events?wait=30"))
    await town.registry.asked.wait()
    assert_problem(await town.ask("/v1/registry/events?wait=30"), 503, "overloaded")
    short = asyncio.create_task(town.ask("/v1/registry/institutions"))
    town.registry.may_answer.set()
    assert [(await waiting).status, (await short).status] == [200, 200]


async def test_a_caller_who_asks_too_often_is_told_to_wait_and_others_are_not(
    town: Town, assert_problem: AssertProblem
) -> None:
    await town.open(requests_per_second=0.5)
    allowed = await town.ask("/v1/registry/institutions", token=ANNA)
    assert (allowed.status, allowed.header("ratelimit")) == (200, '"caller";r=0;t=2')
    refused = await town.ask("/v1/registry/institutions", token=ANNA)
    assert_problem(refused, 429, "rate-limited")
    assert int(refused.header("retry-after") or 0) >= 1
    assert refused.header("ratelimit-policy") == '"caller";q=1;w=2'
    assert refused.header("ratelimit") in {'"caller";r=0;t=2', '"caller";r=0;t=1'}
    # A view is one request, however many it asks itself.
    view = await town.ask("/v1/views/me", token=BARTEK)
    assert (view.status, view.header("ratelimit")) == (200, '"caller";r=0;t=2')
    assert_problem(await town.ask("/v1/registry/institutions", token=BARTEK), 429, "rate-limited")


async def test_guessing_tokens_is_limited_by_address(town: Town, assert_problem: AssertProblem) -> None:
    await town.open(requests_per_second=0.5)
    assert_problem(await town.ask("/v1/registry/institutions", token="guess"), 401, "unauthenticated")
    assert_problem(await town.ask("/v1/registry/institutions", token="guess"), 429, "rate-limited")


def test_an_allowance_fills_up_again_with_time() -> None:
    now = 0.0
    rates = CallerRates(2.0, lambda: now)
    for _ in range(4):
        rates.spend("anna")
    with pytest.raises(RateLimited):
        rates.spend("anna")
    now = 0.5
    rates.spend("anna")
    with pytest.raises(RateLimited):
        rates.spend("anna")


def test_what_is_left_is_told_as_the_draft_has_it() -> None:
    """A quota of ten in two seconds is five a second; `t` is when all of it is there again."""
    now = 0.0
    rates = CallerRates(5.0, lambda: now)
    for _ in range(7):
        rates.spend("anna")
    assert rates.headers("anna") == [
        (b"ratelimit-policy", b'"caller";q=10;w=2'),
        (b"ratelimit", b'"caller";r=3;t=2'),
    ]
    now = 1.0
    assert rates.headers("anna")[1] == (b"ratelimit", b'"caller";r=8;t=1')
    assert rates.headers("bartek")[1] == (b"ratelimit", b'"caller";r=10;t=0')
    assert CallerRates(None, lambda: now).headers("anna") == []


def test_callers_are_forgotten_when_their_allowance_is_full_again() -> None:
    now = 0.0
    rates = CallerRates(1.0, lambda: now)
    for number in range(MOST_CALLERS):
        rates.spend(str(number))
    now = 60.0
    rates.spend("one more")
    assert len(rates._allowances) == 1


async def test_event_streams_end_when_the_gateway_stops(town: Town) -> None:
    await town.open()
    town.registry.may_answer = asyncio.Event()
    _, writer = await asyncio.open_connection("127.0.0.1", town.port)
    writer.write(request_bytes("/v1/registry/events?wait=30", f"Authorization: Bearer {ANNA}"))
    await town.registry.asked.wait()
    assert (await town.ask("/readyz")).status == 503  # no keys are known to this verifier
    town.gateway.entrance.stop()
    await town.registry.left.wait()
    assert (await town.ask("/v1/registry/events")).status == 503
    writer.close()
