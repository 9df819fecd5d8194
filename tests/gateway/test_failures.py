"""A service that is away, slow or broken: a clear refusal, nothing done twice, never half an answer as a whole one."""

import asyncio
import socket
from typing import Any

import pytest

from gateway.authentication import Authentication
from gateway.breakers import FAILURES_TO_OPEN, Breaker
from gateway.connections import Connection
from gateway.upstreams import SILENCE_SECONDS, Replica, Upstream
from services.chassis.trust.tokens import Claims
from tests.gateway.conftest import ANNA, Town
from tests.gateway.fakes import (
    AssertProblem,
    FakeService,
    claims_for,
    misbehaving,
    request_bytes,
    saying,
    serving,
    speak,
)

ASKS = "/v1/registry/institutions"


OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ncontent-le",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-encoding: gzip\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nx: " + b"a" * 70_000 + b"\r\ncontent-length: 2\r\n\r\n{}",
        b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
        b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 9\r\n\r\nTraceback",
        OK + OK,
        OK + b"surplus",
        b"220 mail.example ESMTP\r\n",
    ],
)
async def test_an_answer_that_cannot_be_trusted_is_not_passed_on(
    town: Town, assert_problem: AssertProblem, answer: bytes
) -> None:
    async with misbehaving(saying(answer), town.folder / "one.sock"):
        await town.open(registry_upstreams=[f"unix:{town.folder}/one.sock"])
        assert_problem(await town.ask(ASKS), 502, "upstream-invalid-response")


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n" + b"a" * 200_000,
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\naaaaa\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\naaaaaXX",
    ],
)
async def test_an_answer_that_stops_half_way_is_broken_off(town: Town, answer: bytes) -> None:
    async with misbehaving(saying(answer), town.folder / "one.sock"):
        await town.open(registry_upstreams=[f"unix:{town.folder}/one.sock"])
        raw = await speak(town.port, request_bytes(f"{ASKS}?format=csv", f"Authorization: Bearer {ANNA}"))
    head, _, body = raw.partition(b"\r\n\r\n")
    if b"content-length: 1000000" in head:
        assert len(body) < 1_000_000
    else:
        assert not body.endswith(b"0\r\n\r\n")


async def test_a_service_that_is_away_is_unavailable(town: Town, assert_problem: AssertProblem) -> None:
    await town.open(registry_upstreams=[f"unix:{town.folder}/nobody.sock"])
    answer = await town.ask(ASKS)
    assert_problem(answer, 503, "upstream-unavailable")
    assert answer.header("retry-after") == "1"


async def test_an_interim_answer_is_passed_over(town: Town) -> None:
    async with misbehaving(saying(b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n" + OK), town.folder / "one.sock"):
        await town.open(registry_upstreams=[f"unix:{town.folder}/one.sock"])
        answer = await town.ask(ASKS)
    assert (answer.status, answer.body, answer.header("link")) == (200, b"{}", None)


@pytest.mark.parametrize(
    ("method", "lines", "asked_times"),
    [
        ("GET", [], 2),
        ("HEAD", [], 2),
        ("POST", ["Idempotency-Key: one"], 2),
        ("POST", [], 1),
        ("PUT", ['If-Match: "a:1"'], 1),
        ("PATCH", ['If-Match: "a:1"'], 1),
        ("DELETE", ['If-Match: "a:1"'], 1),
    ],
)
async def test_a_request_is_repeated_once_and_only_if_that_cannot_do_anything_twice(
    town: Town, method: str, lines: list[str], asked_times: int
) -> None:
    asked: list[bytes] = []
    async with misbehaving(saying(b"", OK, asked=asked), town.folder / "one.sock"):
        await town.open(registry_upstreams=[f"unix:{town.folder}/one.sock"])
        body = b"" if method in {"GET", "HEAD"} else b"{}"
        sized = [f"Content-Length: {len(body)}"] if body else []
        answer = await town.ask(ASKS, *lines, *sized, method=method, body=body)
    assert len(asked) == asked_times
    assert answer.status == (200 if asked_times == 2 else 503)


async def test_a_service_that_always_fails_is_not_asked_twice_as_often(town: Town) -> None:
    asked: list[bytes] = []
    async with misbehaving(saying(b"", asked=asked), town.folder / "one.sock"):
        await town.open(registry_upstreams=[f"unix:{town.folder}/one.sock"])
        for _ in range(20):
            assert (await town.ask(ASKS)).status == 503
    reads = [each for each in asked if each.startswith(f"GET {ASKS}".encode())]
    assert len(reads) <= FAILURES_TO_OPEN + 1


async def test_a_request_goes_to_the_next_replica_when_one_cannot_be_reached(town: Town) -> None:
    async with serving(town.registry, socket=town.folder / "one.sock"):
        await town.open(registry_upstreams=[f"unix:{town.folder}/nobody.sock", f"unix:{town.folder}/one.sock"])
        answers = [await town.ask(ASKS, "Content-Length: 2", method="POST", body=b"{}") for _ in range(4)]
    assert [answer.status for answer in answers] == [200] * 4


async def test_replicas_take_turns(town: Town) -> None:
    others = [FakeService(), FakeService(), FakeService()]
    for number, service in enumerate(others):
        await town.stack.enter_async_context(serving(service, socket=town.folder / f"{number}.sock"))
    await town.open(registry_upstreams=[f"unix:{town.folder}/{number}.sock" for number in range(3)])
    for _ in range(6):
        await town.ask(ASKS)
    assert [len(service.seen) for service in others] == [2, 2, 2]


def test_a_breaker_opens_after_failures_in_a_row_and_closes_by_a_probe() -> None:
    breaker = Breaker()
    for _ in range(FAILURES_TO_OPEN - 1):
        breaker.failed()
    breaker.succeeded()
    breaker.failed()
    assert not breaker.is_open
    for _ in range(FAILURES_TO_OPEN):
        breaker.failed()
    assert breaker.is_open
    breaker.probed(healthy=False)
    assert breaker.is_open
    assert not breaker.has_given_up
    breaker.probed(healthy=False)
    assert breaker.has_given_up
    breaker.probed(healthy=True)
    assert not breaker.is_open
    assert not breaker.has_given_up


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def test_a_replica_that_owes_an_answer_and_says_nothing_is_shut_off_until_it_lives_again(town: Town) -> None:
    clock, address = Clock(), f"unix:{town.folder}/one.sock"
    replica = Replica(address, clock)
    replica.begin(Connection())
    clock.now += SILENCE_SECONDS + 0.1
    await replica.look()
    assert replica.breaker.is_open
    async with serving(town.registry, socket=town.folder / "one.sock"):
        await replica.look()
    assert not replica.breaker.is_open


async def test_what_a_replica_owes_is_given_up_once_it_answers_no_second_probe(
    town: Town, assert_problem: AssertProblem
) -> None:
    town.registry.may_answer = asyncio.Event()
    await town.open()
    [replica] = town.gateway.entrance.upstreams["registry"].replicas
    asking = asyncio.create_task(town.ask(ASKS))
    await town.registry.asked.wait()
    (town.folder / "registry.sock").unlink()  # who is asked there from now on answers nothing
    replica.breaker.probed(healthy=False)
    await replica.look()
    assert_problem(await asking, 503, "upstream-unavailable")
    assert_problem(await town.ask(ASKS), 503, "upstream-unavailable")


async def test_a_call_that_a_service_never_takes_ends_at_the_deadline(
    town: Town, assert_problem: AssertProblem
) -> None:
    """A process that stands still: the kernel makes the connection in its place, and nobody reads."""
    with socket.socket(socket.AF_UNIX) as still:
        still.bind(str(town.folder / "one.sock"))
        still.listen()
        await town.open(registry_upstreams=[f"unix:{town.folder}/one.sock"], deadline_seconds=0.05)
        created: dict[str, Any] = {"method": "POST", "body": b"{}"}
        assert_problem(await town.ask(ASKS), 504, "upstream-timeout")
        answer = await town.ask(ASKS, "Content-Length: 2", "Idempotency-Key: one", **created)
        assert_problem(answer, 504, "upstream-timeout")


async def test_a_replica_that_is_only_slow_is_not_shut_off(town: Town) -> None:
    clock = Clock()
    async with serving(town.registry, socket=town.folder / "one.sock"):
        replica = Replica(f"unix:{town.folder}/one.sock", clock)
        replica.begin(Connection())
        clock.now += 10 * SILENCE_SECONDS
        await replica.look()
    assert not replica.breaker.is_open


async def test_a_shut_off_replica_is_passed_over_and_with_all_shut_off_nobody_is_asked() -> None:
    upstream = Upstream("registry", ["http://127.0.0.1:1", "http://127.0.0.1:2"], Clock())
    first, second = upstream.replicas
    first.breaker.probed(healthy=False)
    assert [upstream.replica() for _ in range(3)] == [second] * 3
    second.breaker.probed(healthy=False)
    assert upstream.replica() is None


async def test_repeating_is_rationed() -> None:
    upstream = Upstream("registry", ["http://127.0.0.1:1"], Clock())
    repeated = sum(upstream.replica() is not None and upstream.may_retry() for _ in range(1000))
    assert repeated <= 101


async def test_an_idle_connection_is_let_go_before_the_service_does(town: Town) -> None:
    clock = Clock()
    async with serving(town.registry, socket=town.folder / "one.sock"):
        replica = Replica(f"unix:{town.folder}/one.sock", clock)
        connection = await replica.connection()
        replica.begin(connection)
        connection.send(b"GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n", bodiless=False)
        assert await connection.wait_for_all() == b"{}"
        replica.end(connection, answered=True)
        clock.now += 19
        await replica.look()
        assert connection.is_open
        clock.now += 2
        await replica.look()
        assert not connection.is_open


async def test_a_body_that_came_while_the_token_was_verified_reaches_the_service(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def verify(*_: object) -> Claims:
        # Many rounds of the watch: the issuer's keys do not come at once.
        for _turn in range(100):
            await asyncio.sleep(0)
        return claims_for("anna", "registry_editor")

    monkeypatch.setattr("gateway.watch.ROUND_SECONDS", 0)
    monkeypatch.setattr(Authentication, "remembered", lambda *_: None)
    monkeypatch.setattr(Authentication, "claims", verify)
    await town.open(deadline_seconds=1)
    answer = await town.ask(ASKS, "Content-Length: 2", method="POST", body=b"{}")
    assert answer.status == 200
    assert town.registry.seen[0].body == b"{}"
