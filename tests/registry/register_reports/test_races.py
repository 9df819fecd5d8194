"""Several people record one entity at once."""

import asyncio
from collections import Counter

import httpx
import pytest

from tests.registry.register_reports.test_endpoints import EVERYWHERE, IMPORTS, REPORT, URL
from tests.support.files import csv, send_file
from tests.support.kis import HEADER
from tests.support.records import add_territory, fetch


@pytest.fixture
async def registry(racing_registry: httpx.AsyncClient) -> httpx.AsyncClient:
    await add_territory(racing_registry)
    return racing_registry


async def test_one_entry_recorded_twenty_times_at_once_is_recorded_once(registry: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*[registry.post(URL, json=REPORT) for _ in range(20)])
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 19}
    assert await fetch(registry, "SELECT count(*) FROM events") == [(1,)]


async def test_of_twenty_changes_of_one_version_one_is_kept(registry: httpx.AsyncClient) -> None:
    made = (await registry.post(URL, json=REPORT)).json()
    path, seen = f"{URL}/{made['id']}", {"if-match": f'"{made["id"]}:1"'}
    changes = [registry.patch(path, json={"entity_name": f"Klub {n}"}, headers=seen) for n in range(20)]
    assert Counter(answer.status_code for answer in await asyncio.gather(*changes)) == {200: 1, 412: 19}


async def test_two_files_of_the_same_rows_sent_at_once_make_them_once(working_registry: httpx.AsyncClient) -> None:
    file = csv(HEADER, *[f"kis;2013;cas;KIS/{n};Klub;2469;tak;" for n in range(200)])
    both = await asyncio.gather(*[send_file(working_registry, IMPORTS, file, headers=EVERYWHERE) for _ in range(2)])
    assert sorted(sent.counts for sent in both) == [(0, 0, 200, 0), (200, 0, 0, 0)]
