"""Agreements as files."""

import json

import httpx
import pytest

from tests.registry.agreements.asks import AGREEMENT
from tests.support.records import add_territory

URL = "/v1/registry/agreements"


@pytest.fixture
async def registry(racing_registry: httpx.AsyncClient) -> httpx.AsyncClient:
    await add_territory(racing_registry)
    for title in ("A", "=B"):
        await racing_registry.post(URL, json=AGREEMENT | {"county_terc": "2469", "title": title})
    return racing_registry


async def test_agreements_are_had_as_csv_with_their_shown_state(registry: httpx.AsyncClient) -> None:
    answer = await registry.get(f"{URL}?format=csv&fields=title,state,signatories&kind=local_cooperation_pact")
    lines = answer.text.splitlines()
    assert (lines[0], sorted(lines[1:])) == ("title,state,signatories", ["'=B,draft,0", "A,draft,0"])
    assert len((await registry.get(f"{URL}?format=csv&state=signed")).text.splitlines()) == 1


async def test_agreements_are_had_as_ndjson_as_they_are_listed(registry: httpx.AsyncClient) -> None:
    lines = (await registry.get(f"{URL}?as_of=2026-01-01", headers={"accept": "application/x-ndjson"})).text
    assert lines == ""
    lines = (await registry.get(URL, headers={"accept": "application/x-ndjson"})).text
    rows = [json.loads(line) for line in lines.splitlines()]
    listed = (await registry.get(URL)).json()["items"]
    assert sorted(map(str, rows)) == sorted(map(str, listed))


async def test_agreements_are_had_as_a_workbook(registry: httpx.AsyncClient) -> None:
    answer = await registry.get(f"{URL}?format=xlsx")
    assert (answer.status_code, answer.content[:2]) == (200, b"PK")
