"""One birth, recorded by several at once."""

import asyncio
from collections import Counter

import httpx

from tests.casework.births.asks import born
from tests.casework.births.test_endpoints import bear, expecting
from tests.support.records import fetch


async def test_twenty_records_of_one_birth_make_two_children(racing_casework: httpx.AsyncClient) -> None:
    _, child = await expecting(racing_casework)
    twins = (born(), born(given_name="Helena"))
    answers = await asyncio.gather(*[bear(racing_casework, child, *twins) for _ in range(20)])
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 19}
    assert await fetch(racing_casework, "SELECT count(*) FROM people WHERE expected_with_id IS NOT NULL") == [(1,)]
