"""One service asking another, through a transport that plays the other one."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from pydantic import BaseModel

from services.chassis import peers
from services.chassis.ground.correlation import Trace, current_deadline, current_trace
from services.chassis.ground.problems import Problem, UpstreamInvalidResponse, UpstreamTimeout, UpstreamUnavailable
from services.chassis.peers import Peer, PeerRefused

Play = Callable[[httpx.Request], Any]


class CountyName(BaseModel):
    """The only field that the asking side uses."""

    name: str


def peer(play: Play) -> Peer:
    return Peer("http://peer.test", transport=httpx.MockTransport(play))


async def ask(play: Play) -> CountyName:
    asked = peer(play)
    try:
        return await asked.get("/v1/counties/2469", CountyName, token="t", fields="name")
    finally:
        await asked.close()


async def test_the_callers_token_trace_and_deadline_travel_with_the_question() -> None:
    seen: list[httpx.Request] = []

    def play(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"name": "Katowice", "terc": "2469"})

    token = current_trace.set(Trace("a" * 32, "b" * 16))
    found = await ask(play)
    current_trace.reset(token)
    [request] = seen
    assert found.name == "Katowice"
    assert request.headers["authorization"] == "Bearer t"
    assert request.headers["traceparent"] == f"00-{'a' * 32}-{'b' * 16}-01"
    assert 0 < int(request.headers["x-deadline-ms"]) <= 2000
    assert request.url.query == b"fields=name"


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (httpx.Response(403, json={"code": "forbidden"}), PeerRefused),
        (httpx.Response(500, text="boom"), PeerRefused),
        (httpx.Response(200, text="<html>"), UpstreamInvalidResponse),
        (httpx.Response(200, json={"nme": "Katowice"}), UpstreamInvalidResponse),
        (httpx.Response(302, headers={"location": "http://elsewhere.test"}), UpstreamInvalidResponse),
    ],
)
async def test_what_a_peer_says_wrong_is_a_named_problem(answer: httpx.Response, problem: type[Problem]) -> None:
    with pytest.raises(problem) as refused:
        await ask(lambda _: answer)
    assert "boom" not in str(refused.value.members)


async def test_a_peers_own_code_is_passed_on() -> None:
    with pytest.raises(PeerRefused) as refused:
        await ask(lambda _: httpx.Response(403, json={"code": "outside_scope", "detail": "secret"}))
    assert refused.value.members == {"peer_status": 403, "peer_code": "outside_scope"}


async def test_the_deadline_is_total_however_the_peer_drips() -> None:
    async def drip() -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0)

    current = asyncio.get_running_loop()
    token = current_deadline.set(current.time() + 0.05)  # the loop's clock is the monotonic one
    with pytest.raises(UpstreamTimeout):
        await ask(lambda _: httpx.Response(200, content=drip()))
    current_deadline.reset(token)


async def order(play: Play, **more: Any) -> CountyName:
    asked = peer(play)
    try:
        return await asked.post("/v1/counties", CountyName, token="t", key="order-7", **more)
    finally:
        await asked.close()


async def test_a_change_goes_out_with_its_key_and_the_version_that_was_read() -> None:
    seen: list[httpx.Request] = []

    def play(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(201, json={"name": "Łódź"})

    made = await order(play, body=CountyName(name="Łódź"), if_match='"7:2"')
    [request] = seen
    assert made.name == "Łódź"
    assert (request.method, request.url.path, request.content) == ("POST", "/v1/counties", '{"name":"Łódź"}'.encode())
    sent = {name: request.headers[name] for name in ("idempotency-key", "if-match", "content-type", "authorization")}
    assert sent == {
        "idempotency-key": "order-7",
        "if-match": '"7:2"',
        "content-type": "application/json",
        "authorization": "Bearer t",
    }
    assert 0 < int(request.headers["x-deadline-ms"]) <= 2000


async def test_a_change_without_a_body_sends_none() -> None:
    def play(request: httpx.Request) -> httpx.Response:
        assert (request.content, request.headers["content-length"]) == (b"", "0")
        assert not {"content-type", "if-match"} & request.headers.keys()
        return httpx.Response(200, json={"name": "Łódź"})

    assert (await order(play)).name == "Łódź"


async def test_a_change_is_sent_again_over_a_closed_connection_with_the_same_key_and_body() -> None:
    sent: list[tuple[str, bytes]] = []

    def play(request: httpx.Request) -> httpx.Response:
        sent.append((request.headers["idempotency-key"], request.content))
        if len(sent) == 1:
            raise httpx.ReadError("closed")
        return httpx.Response(201, json={"name": "Łódź"})

    assert (await order(play, body={"name": "Łódź"})).name == "Łódź"
    assert sent == [("order-7", '{"name":"Łódź"}'.encode())] * 2


@pytest.mark.parametrize("status", [409, 500, 502, 503, 504])
async def test_a_change_that_was_answered_is_not_sent_again(status: int) -> None:
    sent: list[int] = []

    def play(_: httpx.Request) -> httpx.Response:
        sent.append(1)
        return httpx.Response(status, json={"code": "state_conflict"})

    with pytest.raises(PeerRefused) as refused:
        await order(play)
    assert refused.value.members == {"peer_status": status, "peer_code": "state_conflict"}
    assert len(sent) == 1


async def test_a_change_whose_answer_is_late_is_not_sent_again() -> None:
    sent: list[int] = []

    async def play(_: httpx.Request) -> httpx.Response:
        sent.append(1)
        await asyncio.Event().wait()
        raise AssertionError

    token = current_deadline.set(asyncio.get_running_loop().time() + 0.05)
    with pytest.raises(UpstreamTimeout):
        await order(play)
    current_deadline.reset(token)
    assert len(sent) == 1


async def test_a_connection_that_was_closed_meanwhile_costs_one_more_try_and_no_third() -> None:
    tries: list[int] = []

    def play(_: httpx.Request) -> httpx.Response:
        tries.append(1)
        raise httpx.RemoteProtocolError("closed")

    with pytest.raises(UpstreamUnavailable):
        await ask(play)
    assert len(tries) == 2


async def test_an_endless_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "LARGEST_ANSWER", 10)
    with pytest.raises(UpstreamInvalidResponse):
        await ask(lambda _: httpx.Response(200, content=b" " * 11))
