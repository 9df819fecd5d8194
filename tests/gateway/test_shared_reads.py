"""Identical reads of reference data at the same time are one question to the service."""

import asyncio

import pytest

from gateway.requests import Request
from gateway.routes import ROUTES, Traffic, is_reference_data
from tests.gateway.conftest import ANNA, BARTEK, Town
from tests.gateway.fakes import request_bytes

COUNTIES = "/v1/registry/counties?limit=200"


def when_inside(town: Town, count: int) -> asyncio.Event:
    """Set when so many requests have got past the door of the gateway."""
    room, event, entered = town.gateway.entrance.room, asyncio.Event(), 0
    enter = room.enter

    def counted(request: Request, traffic: Traffic) -> None:
        nonlocal entered
        enter(request, traffic)
        entered += 1
        if entered == count:
            event.set()

    room.enter = counted  # type: ignore[method-assign]
    return event


async def test_two_hundred_identical_reads_are_one_question(open_town: Town) -> None:
    open_town.registry.may_answer = asyncio.Event()
    all_inside = when_inside(open_town, 200)
    open_town.registry.headers = [(b"content-type", b"application/json"), (b"etag", b'"counties:7"')]
    asking = [asyncio.create_task(open_town.ask(COUNTIES)) for _ in range(200)]
    await all_inside.wait()
    open_town.registry.may_answer.set()
    answers = await asyncio.gather(*asking)
    assert {(answer.status, answer.body, answer.header("etag")) for answer in answers} == {
        (200, b'{"items":[]}', '"counties:7"')
    }
    assert len({answer.header("traceparent") for answer in answers}) == 200
    assert len(open_town.registry.seen) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((COUNTIES, [], ANNA), (COUNTIES, [], BARTEK)),
        ((COUNTIES, [], ANNA), (COUNTIES + "&q=a", [], ANNA)),
        ((COUNTIES, ["Accept-Language: en"], ANNA), (COUNTIES, ["Accept-Language: pl"], ANNA)),
        ((COUNTIES, ["Accept: application/json"], ANNA), (COUNTIES, ["Accept: text/csv"], ANNA)),
        ((COUNTIES, ["Prefer: count=exact"], ANNA), (COUNTIES, [], ANNA)),
        (("/v1/registry/institutions", [], ANNA), ("/v1/registry/institutions", [], ANNA)),
    ],
)
async def test_reads_that_may_be_answered_differently_are_asked_each(
    open_town: Town, first: tuple[str, list[str], str], second: tuple[str, list[str], str]
) -> None:
    open_town.registry.may_answer = asyncio.Event()
    all_inside = when_inside(open_town, 2)
    asking = [asyncio.create_task(open_town.ask(to, *lines, token=who)) for to, lines, who in (first, second)]
    await all_inside.wait()
    open_town.registry.may_answer.set()
    await asyncio.gather(*asking)
    assert len(open_town.registry.seen) == 2


async def test_a_reader_who_has_the_answer_gets_304_and_the_others_all_of_it(open_town: Town) -> None:
    open_town.registry.may_answer = asyncio.Event()
    all_inside = when_inside(open_town, 3)
    open_town.registry.headers = [(b"content-type", b"application/json"), (b"etag", b'"counties:7"')]
    lines: tuple[list[str], ...] = ([], ['If-None-Match: "counties:6", "counties:7"'], ['If-None-Match: "counties:6"'])
    asking = [asyncio.create_task(open_town.ask(COUNTIES, *given)) for given in lines]
    await all_inside.wait()
    open_town.registry.may_answer.set()
    answers = await asyncio.gather(*asking)
    assert [(answer.status, answer.body) for answer in answers] == [
        (200, b'{"items":[]}'),
        (304, b""),
        (200, b'{"items":[]}'),
    ]
    assert answers[1].header("etag") == '"counties:7"'
    assert open_town.registry.seen[0].header("if-none-match") is None


async def test_a_read_after_the_answer_is_a_new_question(open_town: Town) -> None:
    await open_town.ask(COUNTIES)
    open_town.registry.body = b'{"items":["new"]}'
    assert (await open_town.ask(COUNTIES)).body == b'{"items":["new"]}'
    assert len(open_town.registry.seen) == 2


async def test_when_the_one_who_asked_leaves_the_next_asks(open_town: Town) -> None:
    open_town.registry.may_answer = asyncio.Event()
    all_inside = when_inside(open_town, 2)
    _, writer = await asyncio.open_connection("127.0.0.1", open_town.port)
    writer.write(request_bytes(COUNTIES, f"Authorization: Bearer {ANNA}"))
    await open_town.registry.asked.wait()
    waiting = asyncio.create_task(open_town.ask(COUNTIES))
    await all_inside.wait()
    writer.close()
    await open_town.registry.left.wait()
    open_town.registry.may_answer.set()
    assert (await waiting).status == 200
    assert len(open_town.registry.seen) == 2


async def test_a_refusal_is_shared_too(open_town: Town) -> None:
    open_town.registry.may_answer = asyncio.Event()
    all_inside = when_inside(open_town, 5)
    open_town.registry.status, open_town.registry.body = 500, b"Traceback"
    asking = [asyncio.create_task(open_town.ask(COUNTIES)) for _ in range(5)]
    await all_inside.wait()
    open_town.registry.may_answer.set()
    assert [(await answer).status for answer in asking] == [502] * 5
    assert len(open_town.registry.seen) == 1


@pytest.mark.parametrize(
    ("path", "is_shared"),
    [
        (b"/v1/registry/counties", True),
        (b"/v1/registry/counties/2469", True),
        (b"/v1/registry/voivodeships", True),
        (b"/v1/registry/communes/2469011", True),
        (b"/v1/registry/counties/2469/resources", False),
        (b"/v1/registry/institutions", False),
        (b"/v1/registry/countiesx", False),
    ],
)
def test_only_collections_of_reference_data_and_their_entries_are_shared(path: bytes, is_shared: bool) -> None:
    registry = next(route for route in ROUTES if route.upstream == "registry")
    assert is_reference_data(registry, "GET", path) == is_shared
