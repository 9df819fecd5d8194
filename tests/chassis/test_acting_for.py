"""Whom a service's account acts for: told to the service that is asked, believed of accounts, kept in the audit."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from services.chassis.data.database import Database
from services.chassis.data.work import NOBODY
from services.chassis.peers import Peer
from services.chassis.trust.callers import Caller
from tests.chassis.conftest import Admin
from tests.chassis.test_peers import CountyName
from tests.support.callers import call_as
from tests.support.problems import assert_problem

KEEPER = Caller("usr|ł 1")
_KEPT = "SELECT detail FROM audit_records ORDER BY id"


async def headers_sent(ask: Callable[[Peer], Any]) -> httpx.Headers:
    seen: list[httpx.Request] = []

    def play(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"name": "Katowice"})

    await ask(Peer("http://peer.test", transport=httpx.MockTransport(play)))
    [request] = seen
    return request.headers


@pytest.mark.parametrize(
    ("caller", "told"),
    [
        (KEEPER, "usr%7C%C5%82%201"),
        (Caller("service:other", is_service_account=True, acts_for="usr-2"), "usr-2"),
        (NOBODY, None),
    ],
)
@pytest.mark.parametrize("unit", ["reading", "change"])
async def test_a_peer_is_told_whom_the_unit_of_work_is_for(
    depot_database: Database, caller: Caller, told: str | None, unit: str
) -> None:
    async def ask(peer: Peer) -> None:
        async with getattr(depot_database, unit)(caller):
            await peer.post("/v1/counties", CountyName, token="t", key="k")

    assert (await headers_sent(ask)).get("x-acts-for") == told


async def test_outside_any_unit_nobody_is_named(depot_database: Database) -> None:
    async def ask(peer: Peer) -> None:
        async with depot_database.change(KEEPER):
            pass
        await peer.get("/v1/counties/2469", CountyName, token="t")

    assert "x-acts-for" not in await headers_sent(ask)


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        (call_as(scope="depot:keep"), "usr|ł 1"),
        (call_as("registry_editor"), None),
        (call_as("registry_editor", scope="depot:keep"), None),
    ],
)
async def test_only_a_service_account_is_believed_and_the_event_names_nobody(
    idle_depot: httpx.AsyncClient, admin: Admin, headers: dict[str, str], kept: str | None
) -> None:
    sent = headers | {"x-acts-for": "usr%7C%C5%82%201", "idempotency-key": "k"}
    answer = await idle_depot.post("/v1/depot/goods-labels", json={"name": "box"}, headers=sent)
    assert answer.status_code == 200, answer.text
    [detail] = [json.loads(row["detail"]) for row in await admin.fetch(_KEPT)]
    assert detail == {"label": "box"} | ({"acts_for": kept} if kept else {})
    assert json.loads(await admin.fetchval("SELECT data FROM events"))["label"] == "box"
    assert "usr" not in await admin.fetchval("SELECT data::text FROM events")


@pytest.mark.parametrize("value", ["", "%00", "%ED%A0%80%0A", "x" * 256])
async def test_who_cannot_be_anybody_is_refused(idle_depot: httpx.AsyncClient, value: str) -> None:
    sent = call_as(scope="depot:keep") | {"x-acts-for": value, "idempotency-key": "k"}
    answer = await idle_depot.post("/v1/depot/goods-labels", json={"name": "box"}, headers=sent)
    assert_problem(answer, 400, "malformed-request")


async def test_two_who_are_named_are_refused(idle_depot: httpx.AsyncClient) -> None:
    twice = [("x-acts-for", "a"), ("x-acts-for", "b"), ("idempotency-key", "k")]
    headers = [*twice, *call_as(scope="depot:keep").items()]
    answer = await idle_depot.post("/v1/depot/goods-labels", json={"name": "box"}, headers=headers)
    assert_problem(answer, 400, "malformed-request")
