"""Cursors of lists: they lead on in their own list only, and cannot be made up."""

import base64
from typing import Any

import httpx
import pytest

from tests.chassis.paged import URL, walk
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import app_of


async def cursor_of(client: httpx.AsyncClient, url: str = URL, **query: Any) -> str:
    found = (await client.get(url, params={"limit": 2, **query})).json()["next_cursor"]
    assert isinstance(found, str)
    return found


@pytest.mark.parametrize(
    "query",
    [
        {"sort": "-name"},
        {"sort": "name,type"},
        {"type": "nursery"},
        {"q": "szkoła"},
        {"fields": "id"},
        {"include_closed": "true"},
        {"as_of": "2026-01-01"},
    ],
)
async def test_a_cursor_of_another_list_is_refused(twelve: httpx.AsyncClient, query: dict[str, str]) -> None:
    cursor = await cursor_of(twelve, sort="name")
    for asked in ({"sort": "name", **query, "cursor": cursor}, {"cursor": await cursor_of(twelve, **query)}):
        problem = assert_problem(await twelve.get(URL, params=asked), 422, "validation-failed")
        assert problem["errors"][0] | {"detail": ""} == {"parameter": "cursor", "code": "stale_cursor", "detail": ""}


async def test_a_cursor_of_another_address_is_refused(twelve: httpx.AsyncClient) -> None:
    cursor = await cursor_of(twelve, "/v1/registry/counties")
    assert_problem(await twelve.get("/v1/registry/communes", params={"cursor": cursor}), 422, "validation-failed")


async def test_the_page_size_may_change_on_the_way(twelve: httpx.AsyncClient) -> None:
    rest = await walk(twelve, limit=7, cursor=await cursor_of(twelve))
    assert len(rest) == 10


async def test_no_altered_cursor_is_taken(twelve: httpx.AsyncClient) -> None:
    cursor = await cursor_of(twelve)
    raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    bits = [raw[:place] + bytes([raw[place] ^ 1 << place % 8]) + raw[place + 1 :] for place in range(len(raw))]
    altered = [base64.urlsafe_b64encode(other).decode().rstrip("=") for other in bits]
    for other in [
        *altered,
        cursor[:-1],
        cursor + "A",
        cursor + "=",
        cursor.swapcase(),
        "",
        "x",
        "ż",
        "A" * 1000,
        "%00",
    ]:
        answer = await twelve.get(URL, params={"cursor": other})
        assert_problem(answer, 422, "validation-failed")


async def test_a_cursor_of_another_key_is_refused(twelve: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    cursor = await cursor_of(twelve)
    state = app_of(twelve).state
    key = type(state.settings.cursor_key)("another key that signs cursors, as long")
    monkeypatch.setattr(state, "settings", state.settings.model_copy(update={"cursor_key": key}))
    assert_problem(await twelve.get(URL, params={"cursor": cursor}), 422, "validation-failed")


async def test_a_cursor_is_no_way_around_a_permission(twelve: httpx.AsyncClient) -> None:
    cursor = await cursor_of(twelve)
    answer = await twelve.get(URL, params={"cursor": cursor}, headers=call_as("auditor"))
    assert_problem(answer, 403, "forbidden")
