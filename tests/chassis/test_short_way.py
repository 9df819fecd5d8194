"""Lists go a short way to their answer; what is refused on it is told, and kept, as on the long one."""

import os
from types import SimpleNamespace

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
pytestmark = pytest.mark.skipif("PLAIN_WAYS" in os.environ, reason="the short way is switched off")


def offer(monkeypatch: pytest.MonkeyPatch, ways: dict[tuple[str, str], object]) -> None:
    """Let these be the only short ways, also of an application that has found its own already."""
    monkeypatch.setattr(ShortWay, "handlers", property(lambda _: ways))


def test_every_list_without_parameters_in_its_path_offers_the_short_way() -> None:
    short = {path for method, path in ShortWay(None, app).handlers if method == "GET"}
    lists = {path for path, methods in app.openapi()["paths"].items() if "get" in methods and "{" not in path}
    assert lists - short == {"/v1/registry/events"}


def test_every_creation_of_json_without_parameters_in_its_path_offers_the_short_way() -> None:
    short = {path for method, path in ShortWay(None, app).handlers if method == "POST"}
    posts = {path: methods["post"] for path, methods in app.openapi()["paths"].items() if "post" in methods}
    takes_json = {path for path, post in posts.items() if "application/json" in str(post.get("requestBody"))}
    assert {path for path in takes_json if "{" not in path} <= short


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
