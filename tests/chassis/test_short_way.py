"""Lists go a short way to their answer; what is refused on it is told, and kept, as on the long one."""

import os
import re
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request

from services.chassis.fast.short_way import ShortWay
from services.registry.main import app
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import INSTITUTION, add_institution, add_territory, fetch

LIST = "/v1/registry/institutions"
MERGE = {"content-type": "application/merge-patch+json"}
pytestmark = pytest.mark.skipif("PLAIN_WAYS" in os.environ, reason="the short way is switched off")


def offer(monkeypatch: pytest.MonkeyPatch, ways: dict[tuple[str, str], object]) -> None:
    """Let these be the only short ways."""
    monkeypatch.setattr(ShortWay, "find", lambda _, scope: ways.get((scope["method"], scope["path"])))


def told(answer: httpx.Response) -> Any:
    """What an answer says, without what differs from request to request."""
    said = answer.json() if answer.content else None
    return {name: value for name, value in said.items() if name != "trace_id"} if said else said


def is_short(method: str, path: str) -> bool:
    """Whether a request to that address, its parameters filled in, goes the short way."""
    filled = re.sub(r"\{[a-z_]+\}", "01990000-0000-7000-8000-000000000001", path)
    return ShortWay(None, app).find({"method": method.upper(), "path": filled}) is not None


def test_every_list_and_record_offers_the_short_way() -> None:
    reads = {path for path, methods in app.openapi()["paths"].items() if "get" in methods}
    assert reads
    assert {path for path in reads if not is_short("get", path)} == set()


@pytest.mark.parametrize("method", ["post", "patch"])
def test_every_change_by_json_offers_the_short_way(method: str) -> None:
    changes = {path: methods[method] for path, methods in app.openapi()["paths"].items() if method in methods}
    takes_json = {path for path, change in changes.items() if "application/json" in str(change.get("requestBody"))}
    assert takes_json
    assert {path for path in takes_json if not is_short(method, path)} == set()


async def test_both_ways_lead_to_the_same_answer_about_one_record(
    registry: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add_territory(registry)
    institution = await add_institution(registry)
    path, tag = f"{LIST}/{institution['id']}", f'"{institution["id"]}:1"'
    asks: list[tuple[str, str, dict[str, Any]]] = [
        ("GET", path, {}),
        ("GET", path, {"headers": {"if-none-match": tag}}),
        ("GET", f"{LIST}/{INSTITUTION['name']}", {}),
        ("GET", f"{LIST}/{uuid4()}", {}),
        ("PATCH", path, {"json": {"name": "Inna"}, "headers": MERGE}),
        ("PATCH", path, {"json": {"name": ""}, "headers": MERGE | {"if-match": tag}}),
        ("PATCH", path, {"json": {"name": "Inna"}, "headers": MERGE | {"if-match": f'"{institution["id"]}:9"'}}),
        ("PATCH", f"{LIST}/7", {"json": {"name": 7}, "headers": MERGE | {"if-match": tag}}),
    ]
    short = [await registry.request(method, url, **sent) for method, url, sent in asks]
    offer(monkeypatch, {})
    long = [await registry.request(method, url, **sent) for method, url, sent in asks]
    assert [answer.status_code for answer in short] == [200, 304, 404, 404, 428, 422, 412, 404]
    for one, other in zip(short, long, strict=True):
        assert one.status_code == other.status_code
        assert one.headers.keys() == other.headers.keys()
        assert told(one) == told(other)


async def test_both_ways_lead_to_the_same_record(registry: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    await add_territory(registry)
    new = dict(INSTITUTION)
    refused = new | {"county_terc": "9999"}
    short = [await registry.post(LIST, json=sent, headers={"idempotency-key": "a"}) for sent in (refused, new, new)]
    offer(monkeypatch, {})
    long = [await registry.post(LIST, json=sent, headers={"idempotency-key": "b"}) for sent in (refused, new, new)]
    assert [answer.status_code for answer in short] == [answer.status_code for answer in long] == [422, 201, 201]
    for one, other in zip(short, long, strict=True):
        assert one.headers.keys() == other.headers.keys()
        assert one.json().keys() == other.json().keys()
    assert short[1].content == short[2].content
    assert short[2].headers["idempotency-replayed"] == "true"


async def test_both_ways_lead_to_the_same_answer(registry: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    await add_territory(registry)
    await add_institution(registry)
    queries = ("", "?q=poradnia&limit=1", "?county_terc=2469&county_terc=2401&sort=-name", "?fields=name,id")
    short = [await registry.get(LIST + query) for query in queries]
    offer(monkeypatch, {})
    long = [await registry.get(LIST + query) for query in queries]
    assert [answer.content for answer in short] == [answer.content for answer in long]
    assert all(answer.status_code == 200 for answer in long)
    assert [answer.headers["content-type"] for answer in short] == [answer.headers["content-type"] for answer in long]


@pytest.mark.parametrize(
    ("query", "caller", "slug"),
    [
        ("", {"authorization": ""}, "unauthenticated"),
        ("", call_as("auditor"), "forbidden"),
        ("?limit=many", {}, "validation-failed"),
        ("?colour=red", {}, "validation-failed"),
        ("?sort=colour", {}, "validation-failed"),
    ],
)
async def test_a_refusal_is_told_and_a_denial_kept(
    registry: httpx.AsyncClient, query: str, caller: dict[str, str], slug: str
) -> None:
    answer = await registry.get(LIST + query, headers=caller)
    assert_problem(answer, {"unauthenticated": 401, "forbidden": 403}.get(slug, 422), slug)
    denials = await fetch(registry, "SELECT action FROM audit_records WHERE outcome = :slug", slug=slug)
    assert [row.action for row in denials] == (["list_institutions"] if "-" not in slug else [])


async def test_what_fails_on_the_short_way_fails_once(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(_: Request) -> None:
        raise ConnectionError

    async def never(*_: object) -> None:
        raise AssertionError

    service = FastAPI()
    service.state.settings = SimpleNamespace(plain_ways=False)
    way = ShortWay(never, service)
    offer(monkeypatch, {("GET", "/x"): (None, broken)})
    with pytest.raises(ConnectionError):
        await way({"type": "http", "method": "GET", "path": "/x"}, never, never)


async def test_what_the_framework_refuses_on_the_short_way_is_a_problem_too(
    registry: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def too_large(_: Request) -> None:
        raise HTTPException(413)

    offer(monkeypatch, {("GET", LIST): (None, too_large)})
    assert_problem(await registry.get(LIST), 413, "content-too-large")
